import type { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { RequestContext } from './request-context.js';

/** OpenAI `code`s of what the server does to protect itself: nothing has failed, and a stack would say nothing. */
const REFUSALS = new Set(['server_busy', 'server_stopping', 'not_ready']);

/** Notes the error that a request is answered with for the access log, and logs it where it is the server's fault. */
export function noteError(error: WhosaidError, context: RequestContext): void {
  context.errorKey = error.key;
  if (error.status >= 500 && !REFUSALS.has(error.entry.code ?? '')) {
    context.logger.error('Request failed', { error });
  }
}

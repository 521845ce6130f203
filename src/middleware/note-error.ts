import type { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { RequestContext } from './request-context.js';

/**
 * Whether the server turns a request away, and knows when it will not any more: that it has enough to do, stops, or leaves
 * engines alone that failed is in the log already where it is a fault, and a stack for each request would say nothing.
 */
const isRefusal = ({ status, params }: WhosaidError) =>
  status === 503 && typeof params.seconds === 'number';

/** Notes the error that a request is answered with for the access log, and logs it where it is the server's fault. */
export function noteError(error: WhosaidError, context: RequestContext): void {
  context.errorKey = error.key;
  if (error.status >= 500 && !isRefusal(error)) {
    context.logger.error('Request failed', { error });
  }
}

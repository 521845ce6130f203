import { SettingsError } from '#config/settings.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** Errors whose message is written for the person who must act; a stack trace would only hide it. */
const EXPLAINED = ['JobStoreError', 'ListenError', 'UsageError', 'WebhookSecretError'];

/** A command was called in a way that makes no sense. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Says on stderr why a command cannot go on. */
export function reportFailure(error: unknown): void {
  process.stderr.write(`whosaid: ${explain(error)}\n`);
}

/** The sentence for people, with what the operator needs below it where the failure was not foreseen. */
export function explain(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (error instanceof WhosaidError) {
    const isOurFault = error.status === 500 && error.cause instanceof Error;
    return isOurFault ? `${error.message}\n${(error.cause as Error).stack}` : error.message;
  }
  if (!(error instanceof Error)) return String(error);
  return EXPLAINED.includes(error.name) ? error.message : (error.stack ?? error.message);
}

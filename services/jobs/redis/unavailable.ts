import { WhosaidError } from '#utils/errors/whosaid-error.js';

const RETRY_SECONDS = 5;

/** Runs what asks Redis or the shared files: when they cannot be reached or do not answer, it is `jobs_unavailable`. */
export async function asUnavailable<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (cause) {
    // Mistakes of ours are told as such.
    if (cause instanceof WhosaidError || cause instanceof TypeError || cause instanceof RangeError)
      throw cause;
    throw new WhosaidError('jobs_unavailable', { seconds: RETRY_SECONDS }, { cause });
  }
}

import { BlobError, BlobMissingError } from '#services/blobs/blob-error.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** A piece of work that fails here for a reason that lies in this machine is begun so often before its job fails. */
const MOST_STARTS = 10;

/** What the log says of it. */
const FILES = 'Shared files cannot be used: work waits';
const MISSING =
  'A shared file of a job is not there: work waits. BLOB_URL has to lead gateways and workers to the same files';
const MODEL =
  'A job wants a model that is not installed here: another worker may have it. All of them need the same models';
const REFUSED =
  'Redis refuses to write: work waits. See its own log, and whether it has memory and disk';

/**
 * Whether work that failed is to be tried again later, by whoever takes it then, because what it failed for is no fault of
 * the job: the words for the log, or undefined.
 *
 * @param starts How often it was begun.
 */
export function reasonToWait(error: unknown, starts: number): string | undefined {
  if (isRefusal(error)) return REFUSED;
  if (error instanceof BlobError && !(error instanceof BlobMissingError)) return FILES;
  if (starts > MOST_STARTS) return undefined;
  if (error instanceof BlobMissingError) return MISSING;
  return error instanceof WhosaidError && error.key === 'model_not_installed' ? MODEL : undefined;
}

/** An answer of Redis that is an error: it is full, read-only, or still loading. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}

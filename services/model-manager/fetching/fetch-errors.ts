import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { HttpStatusError } from './https.js';

export type FetchPlace = {
  readonly model: string;
  /** What was being fetched: a file of the model, or a package. */
  readonly file: string;
  /** Folder that is written to. */
  readonly folder: string;
  /** Size of what is being fetched. */
  readonly bytes: number;
};

const NO_CONNECTION = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_SOCKET_TIMEOUT',
]);

/** Turns whatever stopped a fetch into a catalogued error that says what to do. */
export function toFetchError(thrown: unknown, place: FetchPlace): WhosaidError {
  if (thrown instanceof WhosaidError) return thrown;
  return (
    storageError(thrown, place) ?? integrityError(thrown, place) ?? downloadError(thrown, place)
  );
}

/** The disk's fault, where no other source would help; undefined for every other failure. */
export function storageError(
  thrown: unknown,
  { model, folder, bytes }: FetchPlace,
): WhosaidError | undefined {
  const code = codeOf(thrown);
  const elsewhere = 'or set MODELS_DIR to another folder, and run the command again.';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const remedy = `Free at least ${Math.ceil(bytes / 1e6)} MB there, ${elsewhere}`;
    return storage(thrown, { model, folder, reason: `the disk is full (${code})`, remedy });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const remedy = `Make the folder writable, ${elsewhere}`;
    return storage(thrown, { model, folder, reason: `it cannot be written (${code})`, remedy });
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    const remedy = `Remove the file that stands where a folder belongs, ${elsewhere}`;
    return storage(thrown, { model, folder, reason: `it is not a folder (${code})`, remedy });
  }
  return undefined;
}

function storage(
  cause: unknown,
  params: { model: string; folder: string; reason: string; remedy: string },
): WhosaidError {
  return new WhosaidError('model_storage_failed', params, { cause });
}

function integrityError(thrown: unknown, { model, file }: FetchPlace): WhosaidError | undefined {
  if (codeOf(thrown) !== 'EINTEGRITY') return undefined;
  const { expected, found } = thrown as { expected?: unknown; found?: unknown };
  const params = {
    model,
    file,
    expected: String(expected ?? 'the integrity in the catalogue'),
    received: String(found ?? 'something else'),
  };
  return new WhosaidError('model_file_wrong', params, { cause: thrown });
}

function downloadError(thrown: unknown, { model, file }: FetchPlace): WhosaidError {
  return new WhosaidError(
    'model_download_failed',
    { model, file, ...reasonAndRemedy(thrown, model) },
    { cause: thrown },
  );
}

function reasonAndRemedy(thrown: unknown, model: string): { reason: string; remedy: string } {
  const again = `then run './bin/whosaid models pull ${model}' again.`;
  const code = codeOf(thrown) ?? '';
  const status =
    thrown instanceof HttpStatusError ? thrown.status : Number(/^E(\d{3})$/.exec(code)?.[1]);
  if (NO_CONNECTION.has(code))
    return {
      reason: `no connection (${code})`,
      remedy: `Check the network and npm's settings for registry, proxy and cafile ('npm config ls'), ${again}`,
    };
  if (status === 401 || status === 403)
    return {
      reason: `the server refused access (${status})`,
      remedy: `Check npm's credentials ('npm login', 'npm config ls'), ${again}`,
    };
  if (status === 404)
    return {
      reason: 'the server does not have it (404)',
      remedy: `Check that npm's registry ('npm config get registry') offers it, ${again}`,
    };
  const reason = (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, '');
  return { reason, remedy: `Check the network, ${again}` };
}

function codeOf(thrown: unknown): string | undefined {
  const code = (thrown as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

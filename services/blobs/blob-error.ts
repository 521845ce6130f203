/** The store of shared files cannot be used: the disk or the server is the reason, not what was asked for. */
export class BlobError extends Error {
  override readonly name: string = 'BlobError';
}

/** A shared file that should be there is not: its job has ended meanwhile, or somebody removed it. */
export class BlobMissingError extends BlobError {
  override readonly name = 'BlobMissingError';
}

/** Runs what asks the store; its failures become BlobError and BlobMissingError, without the names of files. */
export async function asking<Result>(what: string, ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof BlobError) throw error;
    if (isMissing(error)) throw new BlobMissingError(`Shared files: ${what}: it is not there.`);
    throw new BlobError(`Shared files: ${what}: ${reasonOf(error)}.`, { cause: error });
  }
}

/** What the disk and S3 say of a name that nothing has, through the library or directly. */
function isMissing(error: unknown): boolean {
  const { code, name, cause } = error as { code?: string; name?: string; cause?: unknown };
  if (code === 'ENOENT' || name === 'NoSuchKey' || name === 'NotFound') return true;
  return cause !== undefined && isMissing(cause);
}

/** A code, where there is one: messages have names of files and addresses in them. */
function reasonOf(error: unknown): string {
  let reason = 'it failed';
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code, name } = each as NodeJS.ErrnoException;
    reason = code && !code.startsWith('E_') ? code : name;
  }
  return reason;
}

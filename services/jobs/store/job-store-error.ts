/** The file of jobs cannot be used. The message is for the operator: what is wrong with which file, and the remedy. */
export class JobStoreError extends Error {
  override readonly name = 'JobStoreError';
}

/** Whether it is the store that failed, such as for a full disk, and not what was to be done. */
export function isOfStore(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return error instanceof JobStoreError || (typeof code === 'string' && code.startsWith('SQLITE_'));
}

const START_ANEW =
  'Nothing was changed. Move it away (with those beside it whose names begin alike) to start without jobs, ' +
  "or put a copy in its place that 'whosaid data backup' made.";

export function damaged(path: string, reason: string, cause?: unknown): JobStoreError {
  return new JobStoreError(`${path} is damaged: ${reason}. ${START_ANEW}`, { cause });
}

export function notOurs(path: string, reason: string): JobStoreError {
  return new JobStoreError(`${path} is no file of jobs: ${reason}. ${START_ANEW}`);
}

export function tooNew(path: string, versions: { found: number; known: number }): JobStoreError {
  const { found, known } = versions;
  return new JobStoreError(
    `${path} was written by a newer whosaid (version ${found} of its schema, this one knows ${known}). ` +
      `Start the newer one again. ${START_ANEW}`,
  );
}

export function notUsable(path: string, cause: unknown): JobStoreError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new JobStoreError(
    `${path} cannot be opened for writing (${code || message}). Let the user that runs whosaid write to the file and ` +
      'to its folder, see that the disk has room, or set DATA_DIR to another folder.',
    { cause },
  );
}

export function noJobs(path: string): JobStoreError {
  return new JobStoreError(
    `There are no jobs: ${path} does not exist. Set DATA_DIR to the folder that the server uses.`,
  );
}

export function inUse(path: string, holder: string | undefined): JobStoreError {
  return new JobStoreError(
    `${path} is in use by another whosaid${holder ? ` (${holder})` : ''}. ` +
      'Stop that one first, or give this one a DATA_DIR of its own.',
  );
}

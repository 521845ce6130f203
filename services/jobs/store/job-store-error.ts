/** The file of jobs cannot be used. The message is for the operator: what is wrong with which file, and the remedy. */
export class JobStoreError extends Error {
  override readonly name = 'JobStoreError';
}

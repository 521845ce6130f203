/** The job has ended or was removed while it was worked on: nobody wants it any more. */
export class JobGoneError extends Error {
  override readonly name = 'JobGoneError';
}

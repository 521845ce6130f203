import { createHash, randomUUID } from 'node:crypto';

/**
 * The Idempotency-Key of a recording: the same for the same file as it is now and the same options, so that a run that
 * was broken off finds the jobs it has made.
 */
export function jobKey(options: {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly fields: readonly (readonly [string, string])[];
  /** A job of its own, whatever was made before. */
  readonly isForced: boolean;
}): string {
  const { path, size, mtimeMs, fields, isForced } = options;
  const about = JSON.stringify([path, size, mtimeMs, fields, isForced ? randomUUID() : '']);
  return `whosaid-cli-${createHash('sha256').update(about).digest('hex')}`;
}

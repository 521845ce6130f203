import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';

export type FileState =
  | { readonly state: 'right' | 'missing' }
  | { readonly state: 'wrong'; readonly expected: string; readonly received: string };

export type ExpectedFile = { readonly bytes: number; readonly sha256: string };

/** Compares a file with its expected size and, if that fits, its SHA-256. */
export async function checkFile(
  path: string,
  expected: ExpectedFile,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<FileState> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return { state: 'missing' };
  if (stats.size !== expected.bytes)
    return { state: 'wrong', expected: `${expected.bytes} bytes`, received: `${stats.size} bytes` };
  const sha256 = await sha256Of(path, options.signal);
  return sha256 === expected.sha256
    ? { state: 'right' }
    : { state: 'wrong', expected: `SHA-256 ${expected.sha256}`, received: sha256 };
}

async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(
    createReadStream(path, { highWaterMark: 1 << 20 }),
    hash,
    signal ? { signal } : {},
  );
  return hash.digest('hex');
}

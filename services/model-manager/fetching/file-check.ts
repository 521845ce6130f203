import { stat } from 'node:fs/promises';
import { sha256OfFile } from '#services/files/sha256.js';

export type FileState =
  | { readonly state: 'right' | 'missing' }
  | { readonly state: 'wrong'; readonly expected: string; readonly received: string };

/** Size and content of a file, as far as they are known. */
export type ExpectedFile = {
  readonly bytes?: number | undefined;
  readonly sha256?: string | undefined;
};

/** Size and content of a file that is there. */
export type MeasuredFile = { readonly bytes: number; readonly sha256: string };

/** Undefined where there is no file. */
export async function measureFile(path: string): Promise<MeasuredFile | undefined> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return undefined;
  return { bytes: stats.size, sha256: await sha256OfFile(path) };
}

/** Compares a file with its expected size and, if that fits, its SHA-256; what is not known fits. */
export async function checkFile(
  path: string,
  expected: ExpectedFile,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<FileState> {
  const stats = await stat(path).catch(() => undefined);
  if (!stats?.isFile()) return { state: 'missing' };
  if (expected.bytes !== undefined && stats.size !== expected.bytes)
    return { state: 'wrong', expected: `${expected.bytes} bytes`, received: `${stats.size} bytes` };
  if (expected.sha256 === undefined) return { state: 'right' };
  const sha256 = await sha256OfFile(path, options);
  return sha256 === expected.sha256
    ? { state: 'right' }
    : { state: 'wrong', expected: `SHA-256 ${expected.sha256}`, received: sha256 };
}

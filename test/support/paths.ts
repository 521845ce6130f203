import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { projectRoot } from '#config/root.js';

export type FixtureName =
  | 'two-speakers-clean'
  | 'three-speakers-reverb'
  | 'two-channels-short'
  | 'two-voices-short'
  /** Sentences with names, and what they are. */
  | 'vocabulary/names'
  /** German alone, without text. */
  | 'german-short';

/** A recording that ships with the project: its FLAC file, its turns with text (json) or its speaker times
 * (rttm); the short ones are audio only. */
export function fixture(name: FixtureName, extension: 'flac' | 'json' | 'rttm' = 'flac'): string {
  return join(projectRoot, 'test', 'fixtures', `${name}.${extension}`);
}

/** The folder of evaluation data that is not part of the project: EVAL_DIR, or the one beside it; undefined if absent. */
export function evalDir(): string | undefined {
  const path = resolve(process.env.EVAL_DIR ?? join(projectRoot, '..', 'shared', 'eval'));
  return existsSync(path) ? path : undefined;
}

/** A folder for one test file; `remove` it in `after`. */
export async function testFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'whosaid-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

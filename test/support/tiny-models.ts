import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { createSherpaEngine } from '#services/asr/sherpa/engine.js';
import type { AsrEngine, AudioSegment } from '#services/asr/types.js';
import { testFolder } from './paths.js';

/** Models of a few kilobytes with the signatures of real ones; see test/fixtures/tiny-models/make.py. */
const TINY_MODELS = join(projectRoot, 'test/fixtures/tiny-models');

/** A folder with a copy of a tiny model that a test may damage. `remove` it afterwards. */
export async function tinyModelCopy(name: string): Promise<{
  path: string;
  /** Names below it. */
  files: readonly string[];
  remove: () => Promise<void>;
}> {
  const { path, remove } = await testFolder();
  await cp(join(TINY_MODELS, name), path, { recursive: true });
  return { path, files: await filesOf(path), remove };
}

/** An engine of a tiny model, or of a copy in `modelDir`. It runs sherpa-onnx in the process of the test. */
export async function tinyEngine(options: {
  readonly family: string;
  readonly name: string;
  readonly languages?: readonly string[];
  readonly modelDir?: string;
  readonly modelFiles?: readonly string[];
}): Promise<AsrEngine> {
  const modelDir = options.modelDir ?? join(TINY_MODELS, options.name);
  const temp = await testFolder();
  try {
    return await createSherpaEngine({
      family: options.family,
      modelId: options.name,
      modelDir,
      modelFiles: options.modelFiles ?? (await filesOf(modelDir)),
      languages: options.languages ?? [],
      threads: 1,
      tempDir: temp.path,
    });
  } finally {
    // Once a second recogniser is loaded, the folder is made again where it is needed.
    await temp.remove();
  }
}

/** Two seconds of a tone between two pauses: tiny models do not listen. */
export function tone(): AudioSegment {
  const isPause = (index: number) => index < 8_000 || index > 40_000;
  return {
    samples: Int16Array.from({ length: 48_000 }, (_, index) =>
      isPause(index) ? 0 : 8_000 * Math.sin(index / 10),
    ),
  };
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';
import { decodeModel, encodeModel, type OnnxModel } from '#services/onnx/schema.js';
import { testFolder } from './paths.js';

/** Names of the files in the shared folder, and those that the catalogue's entry gives them. */
const FILES = {
  'encoder.int8.onnx': 'base-encoder.int8.onnx',
  'decoder.int8.onnx': 'base-decoder.int8.onnx',
  'tokens.txt': 'base-tokens.txt',
};

const ATTENTION = 'cross_attention_weights';

export const WHISPER_MODEL = 'whisper-base';

/** Where Whisper base lies, which is not part of the project: WHISPER_DIR, or the folder beside it; undefined if absent. */
export function whisperDir(): string | undefined {
  const path = resolve(
    process.env.WHISPER_DIR ?? join(projectRoot, '..', 'shared', 'models', 'whisper-base'),
  );
  return existsSync(path) ? path : undefined;
}

/**
 * Puts Whisper base into a folder of models as somebody would by hand, as the catalogue's `whisper-base`; false when the
 * machine does not have it: the test should skip then. As links, unless `copy`.
 */
export async function installWhisper(
  modelsDir: string,
  { copy = false }: { readonly copy?: boolean } = {},
): Promise<boolean> {
  const from = whisperDir();
  if (from === undefined) return false;
  const folder = join(modelsDir, WHISPER_MODEL);
  await mkdir(folder, { recursive: true });
  for (const [name, inCatalogue] of Object.entries(FILES)) {
    const link = join(folder, inCatalogue);
    await rm(link, { force: true });
    await (copy ? copyFile : symlink)(join(from, name), link);
  }
  return true;
}

/** Writes the decoder as upstream releases it: without the output that says where it looks; `edit` changes it further. */
export async function writeUpstreamDecoder(
  path: string,
  edit: (model: OnnxModel) => void = () => {},
): Promise<void> {
  const model = decodeModel(await readFile(join(whisperDir() ?? '', 'decoder.int8.onnx')));
  model.graph.output = model.graph.output.filter(({ name }) => name !== ATTENTION);
  model.graph.node = model.graph.node.filter(({ output }) => !output.includes(ATTENTION));
  edit(model);
  await rm(path, { force: true });
  await writeFile(path, encodeModel(model));
}

/**
 * A MODELS_DIR with the models that are installed on this machine and Whisper base beside them; undefined when the
 * machine does not have Whisper. `remove` it in `after`.
 */
export async function modelsWithWhisper(): Promise<
  { path: string; remove: () => Promise<void> } | undefined
> {
  if (whisperDir() === undefined) return undefined;
  const folder = await testFolder();
  const { modelsDir } = loadSettings();
  for (const name of await readdir(modelsDir)) {
    if (name.startsWith('.') || name === WHISPER_MODEL) continue;
    await symlink(join(modelsDir, name), join(folder.path, name));
  }
  await installWhisper(folder.path);
  return folder;
}

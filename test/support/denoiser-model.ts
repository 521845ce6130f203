import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';
import { testFolder } from './paths.js';

export const DENOISER_MODEL = 'gtcrn-simple';
export const DENOISER_FILE = 'gtcrn_simple.onnx';

/** Where GTCRN lies, which is not part of the project: DENOISER_DIR, or the folder beside it; undefined if absent. */
export function denoiserDir(): string | undefined {
  const path = resolve(
    process.env.DENOISER_DIR ?? join(projectRoot, '..', 'shared', 'models', 'denoise'),
  );
  return existsSync(join(path, DENOISER_FILE)) ? path : undefined;
}

/** Puts GTCRN into a folder of models as somebody would by hand; false when the machine does not have it. */
export async function installDenoiser(modelsDir: string): Promise<boolean> {
  const from = denoiserDir();
  if (from === undefined) return false;
  const folder = join(modelsDir, DENOISER_MODEL);
  await mkdir(folder, { recursive: true });
  const link = join(folder, DENOISER_FILE);
  await rm(link, { force: true });
  await symlink(join(from, DENOISER_FILE), link);
  return true;
}

/**
 * A MODELS_DIR with the models that are installed on this machine and GTCRN beside them; undefined when the machine does
 * not have GTCRN. `remove` it in `after`.
 */
export async function modelsWithDenoiser(): Promise<
  { path: string; remove: () => Promise<void> } | undefined
> {
  if (denoiserDir() === undefined) return undefined;
  const folder = await testFolder();
  const { modelsDir } = loadSettings();
  for (const name of await readdir(modelsDir)) {
    if (name.startsWith('.') || name === DENOISER_MODEL) continue;
    await symlink(join(modelsDir, name), join(folder.path, name));
  }
  await installDenoiser(folder.path);
  return folder;
}

import { createCipheriv, createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Catalogue, loadCatalogue } from '#services/model-manager/catalogue.js';

type Json = Record<string, unknown>;

/** A file entry for this content. */
export function fileEntry(path: string, content: Buffer, sources: readonly Json[]): Json {
  const sha256 = createHash('sha256').update(content).digest('hex');
  return { path, bytes: content.length, sha256, sources };
}

/** A model entry with these files: a `vad` unless `more` says otherwise. */
export function modelEntry(id: string, files: readonly Json[], more: Json = {}): Json {
  return {
    id,
    family: 'test',
    task: 'vad',
    name: id,
    languages: [],
    licence: 'MIT',
    origin: 'made for a test',
    bytes: files.reduce((sum, { bytes }) => sum + (bytes as number), 0),
    files,
    ...more,
  };
}

/** The default recogniser that every catalogue needs; it can never be fetched. */
export function recogniserEntry(requires: readonly string[], more: Json = {}): Json {
  const file = fileEntry('absent.onnx', Buffer.from('absent'), [
    { kind: 'bundled', path: 'bundled/recogniser/absent.onnx' },
  ]);
  const about = { task: 'asr', family: 'moonshine', languages: ['en'], default: true };
  return modelEntry('recogniser', [file], { ...about, requires, ...more });
}

/** Writes a catalogue and reads it as the program does. */
export async function writeCatalogue(folder: string, models: readonly Json[]): Promise<Catalogue> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'catalogue.json');
  await writeFile(path, JSON.stringify({ version: 1, models }));
  return loadCatalogue(path);
}

/** Bytes that do not compress and are the same for the same seed. */
export function noise(bytes: number, seed = 1): Buffer {
  const key = Buffer.alloc(16, seed);
  return createCipheriv('aes-128-ctr', key, key).update(Buffer.alloc(bytes));
}

import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeModel, encodeModel } from '../../onnx/schema.js';
import { withSignedWeights } from '../../onnx/signed-weights.js';
import { moonshineFiles } from './files.js';
import { fuseDecoder } from './fuse-decoder.js';
import { tokenTable } from './token-table.js';

/** Raise it when the derived files change: installed models are then prepared again. */
const VERSION = 2;

type Stamp = { version: number; bytes: Readonly<Record<string, number>> };

/**
 * Writes the encoder with signed weights, the fused decoder, and the token table (one `base64(bytes) id` a line, as
 * sherpa-onnx reads it).
 */
export async function prepareMoonshine(dir: string): Promise<void> {
  const read = async (name: string) => decodeModel(await readFile(join(dir, name)));
  const made: Record<string, Uint8Array> = {
    [moonshineFiles.signedEncoder]: encodeModel(
      withSignedWeights(await read(moonshineFiles.encoder)),
    ),
    [moonshineFiles.fusedDecoder]: encodeModel(
      fuseDecoder(await read(moonshineFiles.mergedDecoder)),
    ),
    [moonshineFiles.tokens]: Buffer.from(tokenTable()),
  };
  for (const [name, bytes] of Object.entries(made)) await writeWhole(join(dir, name), bytes);
  const lengths = Object.entries(made).map(([name, { length }]) => [name, length] as const);
  const stamp: Stamp = { version: VERSION, bytes: Object.fromEntries(lengths) };
  await writeWhole(join(dir, moonshineFiles.stamp), Buffer.from(JSON.stringify(stamp)));
}

export async function isMoonshinePrepared(dir: string): Promise<boolean> {
  try {
    const stamp = JSON.parse(await readFile(join(dir, moonshineFiles.stamp), 'utf8')) as Stamp;
    if (stamp.version !== VERSION) return false;
    for (const [name, bytes] of Object.entries(stamp.bytes))
      if ((await stat(join(dir, name))).size !== bytes) return false;
    return true;
  } catch {
    return false; // missing or unreadable: prepare again
  }
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
}

import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeModel, encodeModel } from '../../onnx/schema.js';
import { fuseDecoder } from './fuse-decoder.js';
import { tokenTable } from './vocabulary.js';

/** Files of a Moonshine model folder: the first two are fetched, the others made from them. */
export const moonshineFiles = {
  encoder: 'encoder_model.onnx',
  mergedDecoder: 'decoder_model_merged.onnx',
  fusedDecoder: 'decoder_fused.onnx',
  tokens: 'tokens.txt',
  stamp: 'prepared.json',
} as const;

/** Raise it when the derived files change: installed models are then prepared again. */
const VERSION = 1;

type Stamp = { version: number; fusedDecoderBytes: number; tokensBytes: number };

/** Writes the fused decoder and the token table (one `base64(bytes) id` a line, as sherpa-onnx reads it). */
export async function prepareMoonshine(dir: string): Promise<void> {
  const merged = decodeModel(await readFile(join(dir, moonshineFiles.mergedDecoder)));
  const fused = encodeModel(fuseDecoder(merged));
  const tokens = Buffer.from(tokenTable());
  await writeWhole(join(dir, moonshineFiles.fusedDecoder), fused);
  await writeWhole(join(dir, moonshineFiles.tokens), tokens);
  const stamp: Stamp = {
    version: VERSION,
    fusedDecoderBytes: fused.length,
    tokensBytes: tokens.length,
  };
  await writeWhole(join(dir, moonshineFiles.stamp), Buffer.from(JSON.stringify(stamp)));
}

export async function isMoonshinePrepared(dir: string): Promise<boolean> {
  try {
    const stamp = JSON.parse(await readFile(join(dir, moonshineFiles.stamp), 'utf8')) as Stamp;
    const bytesOf = async (name: string) => (await stat(join(dir, name))).size;
    return (
      stamp.version === VERSION &&
      stamp.fusedDecoderBytes === (await bytesOf(moonshineFiles.fusedDecoder)) &&
      stamp.tokensBytes === (await bytesOf(moonshineFiles.tokens))
    );
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

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChunkPlace, readChunks } from '#services/audio/chunk.js';
import type { Channel } from '#services/audio/types.js';
import { ChunkPiece } from './chunk-piece.js';
import type { WorkDeps } from './work-deps.js';

export type CutOptions = {
  /** The recording. */
  readonly path: string;
  /** Catalogue id of the recogniser: its detector finds the pauses to cut in. */
  readonly model: string;
  /** Of a recording whose channels are transcribed each alone. */
  readonly channel?: 0 | 1;
  /** The first chunk that is wanted; default: the first of all. */
  readonly from?: ChunkPlace | undefined;
  /** Empty; a chunk's audio lies here until the next one is asked for. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told what the container claims to last, in seconds. */
  readonly onClaim: (seconds: number | undefined) => void;
};

/** A chunk and the file of its samples: signed 16-bit, 16 kHz, mono. */
export type CutChunk = { readonly piece: ChunkPiece; readonly pcm: string };

const CHANNELS: readonly [Channel, Channel] = ['left', 'right'];

/**
 * Cuts a recording into chunks, the same ones that one machine works through (read-recording.ts).
 * Throws what the decoder and the speech service throw.
 */
export async function* cutRecording(
  options: CutOptions,
  deps: Pick<WorkDeps, 'decoder' | 'speech' | 'chunkSeconds' | 'chunkOverlapSeconds'>,
): AsyncGenerator<CutChunk, void, void> {
  const { path, model, channel, from, folder, signal, onClaim } = options;
  const speech = deps.speech(model);
  const chunks = readChunks({
    blocks: deps.decoder.decode(path, {
      signal,
      onOpen: ({ claimedSeconds }) => onClaim(claimedSeconds),
      ...(channel !== undefined && { channel: CHANNELS[channel] }),
    }),
    chunkSeconds: deps.chunkSeconds,
    overlapSeconds: deps.chunkOverlapSeconds,
    speechIn: (samples) => speech.detect(samples, { signal }),
    ...(from && { from }),
  });
  const pcm = join(folder, 'chunk.pcm');
  for await (const { blocks, ...chunk } of chunks) {
    const { end, nextStart } = await writeBlocks(pcm, blocks);
    const place = { ...chunk, end, ...(nextStart !== undefined && { nextStart }) };
    yield { piece: new ChunkPiece({ ...place, ...(channel !== undefined && { channel }) }), pcm };
  }
}

/** Writes samples to a file in place of an earlier one. @returns what the blocks return */
async function writeBlocks<Result>(
  path: string,
  blocks: AsyncGenerator<Int16Array, Result, void>,
): Promise<Result> {
  const file = await open(path, 'w', 0o600);
  try {
    for (;;) {
      const { done, value } = await blocks.next();
      if (done) return value;
      await file.appendFile(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    }
  } finally {
    await file.close();
  }
}

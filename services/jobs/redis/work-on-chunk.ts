import { join } from 'node:path';
import { SAMPLE_RATE } from '#services/audio/pcm.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { ChunkPiece } from './chunk-piece.js';
import { JobGoneError } from './job-gone-error.js';
import type { QueuedChunk } from './queues.js';
import { checkStarts } from './starts.js';
import { transcribePiece } from './transcribe-piece.js';
import type { SharedDeps, WorkDeps } from './work-deps.js';

/**
 * Works through a chunk that others have cut off, and keeps what comes of it. One whose result is there already is done:
 * nothing happens.
 *
 * @throws What the decoder and the engines throw; JobGoneError; `signal.reason`
 */
export async function workOnChunk(
  { id, place, turn }: QueuedChunk,
  signal: AbortSignal,
  deps: WorkDeps & SharedDeps,
): Promise<void> {
  const { state, files, decoder, temp } = deps;
  const piece = new ChunkPiece(place);
  checkStarts(await state.start(id, { piece: piece.name, turn }));
  const job = await state.find(id);
  if (job === undefined) throw new JobGoneError();
  const folder = await temp.folder();
  try {
    await transcribePiece(
      {
        ...{ job, piece, signal },
        async blocks(ends) {
          const path = join(folder.path, 'chunk.flac');
          await files.fetchAudio(id, { name: piece.name, path });
          return firstSamples(decoder.decode(path, { signal: ends }), piece.samples);
        },
      },
      deps,
    );
  } finally {
    await folder.remove();
  }
}

/** What the encoder put behind the samples is left out. */
async function* firstSamples(
  blocks: ReturnType<AudioDecoder['decode']>,
  samples: number,
): AsyncGenerator<Int16Array, void, void> {
  let left = samples;
  for await (const block of blocks) {
    if (left > 0) yield block.subarray(0, left);
    left -= block.length;
  }
  if (left > 0)
    throw new Error(`A chunk is ${left / SAMPLE_RATE} s shorter than it was before it was stored.`);
}

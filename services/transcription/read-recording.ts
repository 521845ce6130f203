import type { SpeechService } from '#services/asr/types.js';
import {
  type AudioChunk,
  type ChunkEnd,
  type ChunkPlace,
  readChunks,
} from '#services/audio/chunk.js';
import type { DecodeOptions } from '#services/audio/types.js';
import type { EnhanceRequest } from '#services/enhance/types.js';
import type { RecordingDiarizer } from './diarize-recording.js';
import { hearChunk } from './hear-chunk.js';
import { type AudioWindow, readWindows } from './read-windows.js';
import type { PipelineDeps, VadOptions } from './types.js';

export type ReadRecordingOptions = {
  readonly path: string;
  readonly deps: Pick<
    PipelineDeps,
    'decoder' | 'speech' | 'enhancer' | 'chunkSeconds' | 'chunkOverlapSeconds'
  >;
  /** Hears the audio of every chunk as it is read. */
  readonly diarizer?: RecordingDiarizer | undefined;
  readonly vad?: VadOptions | undefined;
  readonly enhance?: EnhanceRequest | undefined;
  readonly signal: AbortSignal;
  readonly onOpen: NonNullable<DecodeOptions['onOpen']>;
  /** The first chunk that is wanted; default: the first of all. */
  readonly from?: ChunkPlace | undefined;
};

/** A chunk without its audio. */
export type ChunkIdentity = Omit<AudioChunk, 'blocks'>;

/** What comes of reading a recording, in this order: the windows of a chunk, then its end, then the next chunk. */
export type ReadStep =
  | { readonly type: 'window'; readonly chunk: ChunkIdentity; readonly window: AudioWindow }
  | ChunkEndStep;

export type ChunkEndStep = { readonly type: 'chunk-end'; readonly chunk: ChunkIdentity } & ChunkEnd;

/**
 * Decodes a recording and cuts it into chunks, and these into windows. Decoding waits while nobody asks for more.
 *
 * @returns Seconds decoded. Throws what the decoder, the speech service and the diarizer throw.
 */
export async function* readRecording(
  options: ReadRecordingOptions,
): AsyncGenerator<ReadStep, number, void> {
  const { path, deps, diarizer, vad, enhance, signal, onOpen, from } = options;
  const { decoder, speech, enhancer } = deps;
  const chunks = readChunks({
    blocks: decoder.decode(path, { signal, onOpen }),
    chunkSeconds: deps.chunkSeconds,
    overlapSeconds: deps.chunkOverlapSeconds,
    speechIn: (samples) => speech.detect(samples, { signal }),
    ...(from && { from }),
  });
  try {
    for (;;) {
      const { done, value: chunk } = await chunks.next();
      if (done) return chunk.seconds;
      yield* readChunk({ chunk, speech, diarizer, vad, enhance, enhancer, signal });
    }
  } finally {
    await chunks.return({ seconds: 0 });
  }
}

async function* readChunk(work: {
  chunk: AudioChunk;
  speech: SpeechService;
  diarizer: RecordingDiarizer | undefined;
  vad: VadOptions | undefined;
  enhance: EnhanceRequest | undefined;
  enhancer: PipelineDeps['enhancer'];
  signal: AbortSignal;
}): AsyncGenerator<ReadStep, void, void> {
  const { speech, diarizer, vad, enhance, enhancer, signal } = work;
  const { blocks: audio, ...chunk } = work.chunk;
  const { start } = chunk;
  const blocks = hearChunk({ blocks: audio, start, diarizer, enhance, enhancer, signal });
  const windows = readWindows({ blocks, start, speech, vad, signal });
  for (;;) {
    const { done, value } = await windows.next();
    yield done ? { type: 'chunk-end', chunk, ...value } : { type: 'window', chunk, window: value };
    if (done) return;
  }
}

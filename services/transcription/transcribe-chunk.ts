import { setMaxListeners } from 'node:events';
import type { RecogniseOptions } from '#services/asr/types.js';
import type { EnhanceRequest } from '#services/enhance/types.js';
import { spellingCorrector } from '#services/vocabulary/correct-segment.js';
import type { ChunkResult } from './chunk-result.js';
import { RecordingDiarizer } from './diarize-recording.js';
import { hearChunk } from './hear-chunk.js';
import { type AudioWindow, readWindows } from './read-windows.js';
import { recogniseWindow } from './recognise-window.js';
import { ChunkRecorder } from './record-chunks.js';
import type { PipelineDeps, VadOptions } from './types.js';

export type TranscribeChunkOptions = {
  /** Where the chunk lies; see `ChunkResult`. */
  readonly place: Omit<ChunkResult, 'windows' | 'tracks'>;
  /** Its audio, 16 kHz mono, overlaps included; ended when this has. */
  readonly blocks: AsyncGenerator<Int16Array, unknown, void>;
  readonly hints: RecogniseOptions;
  readonly vad?: VadOptions | undefined;
  /** See TranscribeRequest. */
  readonly spelling?: readonly string[] | undefined;
  /** Who speaks is wanted, by their voices. */
  readonly hasSpeakers: boolean;
  readonly enhance?: EnhanceRequest | undefined;
  readonly signal: AbortSignal;
  /** Told the second of the recording up to which the chunk is recognised. */
  readonly onProgress?: (seconds: number) => void;
};

const WINDOWS_IN_FLIGHT = 3;

/**
 * Works through one chunk by itself, on whatever machine: gives what `transcribe` tells of the same chunk.
 *
 * @throws What the blocks and the engines throw; `signal.reason`.
 */
export async function transcribeChunk(
  options: TranscribeChunkOptions,
  { speech, speakers, enhancer }: Pick<PipelineDeps, 'speech' | 'speakers' | 'enhancer'>,
): Promise<ChunkResult> {
  const { place, blocks, hints, vad, spelling, hasSpeakers, enhance, onProgress } = options;
  const correct = spelling && spellingCorrector(spelling);
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  setMaxListeners(0, signal); // each batch in flight listens
  const onFailure = (error: unknown) => stop.abort(error);
  const diarizer = hasSpeakers ? new RecordingDiarizer({ speakers, signal, onFailure }) : undefined;
  const { start } = place;
  const heard = hearChunk({ blocks, start, diarizer, enhance, enhancer, signal });
  const windows = readWindows({ blocks: heard, start, speech, vad, signal });
  const recorder = new ChunkRecorder(diarizer ? { tracksOf: () => diarizer.tracksOf(0) } : {});
  const inFlight: Promise<void>[] = [];
  const recognised: Promise<unknown>[] = [];
  try {
    for await (const window of windows) {
      const segments = recogniseWindow(window, { speech, hints, correct, signal });
      recognised.push(segments);
      inFlight.push(add(window, segments, inFlight.at(-1)));
      inFlight.at(-1)?.catch(onFailure);
      if (inFlight.length >= WINDOWS_IN_FLIGHT) await inFlight.shift();
    }
    await Promise.all(inFlight);
    recorder.add({ step: { ...place, type: 'chunk-end', chunk: place }, segments: [] });
    await recorder.next();
    const [result] = recorder.take();
    if (!result) throw new TypeError('A chunk that was read to its end has a result.');
    return result;
  } finally {
    stop.abort();
    await Promise.allSettled([...recognised, diarizer?.settled()]);
  }

  /** In the order of the windows. */
  async function add(
    window: AudioWindow,
    segments: ReturnType<typeof recogniseWindow>,
    before: Promise<void> | undefined,
  ): Promise<void> {
    const found = await segments;
    await before;
    const { index, ownUntil } = place;
    const chunk = { index, start, ownUntil };
    recorder.add({ step: { type: 'window', chunk, window }, segments: found });
    onProgress?.(window.end);
  }
}

import type { Settings } from '#config/settings.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { TranscribeRequest } from '#services/transcription/types.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { RecogniserChoice } from '../choose-recogniser.js';
import type { Runtime } from '../runtime.js';
import type { ProgressDisplay } from './progress.js';
import { sayRecogniser } from './read-request.js';

export type TranscribeOneOptions = {
  readonly path: string;
  /** What is asked for, the same for every recording. */
  readonly request: Omit<TranscribeRequest, 'path' | 'signal'>;
  /** Which model hears it, and what that one is told. */
  readonly recogniser: RecogniserChoice;
  readonly runtime: Runtime;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** Seconds of the recording. */
  readonly onProgress: ProgressDisplay['update'];
};

/**
 * One recording through the same pipeline that the server uses.
 * @throws WhosaidError, or `signal.reason` when interrupted
 */
export async function transcribeOne(options: TranscribeOneOptions): Promise<Transcript> {
  const { path, request, recogniser, runtime, settings, signal, onProgress } = options;
  const settled = await recogniser.settle({ path, signal }, runtime);
  if (recogniser.isOpen) sayRecogniser(settled);
  const events = transcribe(
    { ...settled.recognition, ...request, path, signal },
    {
      decoder: runtime.decoder,
      speech: runtime.manager.speech(settled.entry.id),
      speakers: runtime.manager.speakers(),
      enhancer: (model) => runtime.manager.enhancer(model),
      chunkSeconds: settings.chunkSeconds,
      chunkOverlapSeconds: settings.chunkOverlapSeconds,
    },
  );
  for await (const event of events) {
    if (event.type === 'progress') {
      onProgress({ done: event.audioSeconds, total: event.totalSeconds });
    }
    if (event.type === 'done') return event.transcript;
  }
  throw new TypeError('The pipeline ended without a transcript.');
}

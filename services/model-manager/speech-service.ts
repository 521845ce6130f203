import type { RecogniseOptions, SpeechService } from '#services/asr/types.js';
import type { HostPool } from './hosts/host-pool.js';
import type { SpeechHostSpec, SpeechOperations } from './protocol.js';

export type SpeechServiceOptions = {
  readonly pool: HostPool<SpeechHostSpec, SpeechOperations>;
  readonly batchSize: number;
  readonly maxSegmentSeconds: number | undefined;
};

/** Speech recognition whose calls go to whichever host of the pool is free. */
export function createSpeechService({
  pool,
  batchSize,
  maxSegmentSeconds,
}: SpeechServiceOptions): SpeechService {
  return {
    batchSize,
    ...(maxSegmentSeconds !== undefined && { maxSegmentSeconds }),
    detect: (samples, { signal, ...options } = {}) =>
      pool.request('detect', { samples, options }, signal && { signal }),
    detectLanguage: (segment, call) => pool.request('detectLanguage', { segment }, call),
    recognise: (segments, options: RecogniseOptions, call) =>
      pool.request('recognise', { segments, options }, call),
  };
}

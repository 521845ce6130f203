import { type RecogniseOptions, SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import { allowanceSeconds } from './allowance.js';
import type { HostPool } from './hosts/host-pool.js';
import type { SpeechHostSpec, SpeechOperations } from './protocol.js';

export type SpeechServiceOptions = {
  readonly pool: HostPool<SpeechHostSpec, SpeechOperations>;
  readonly batchSize: number;
  readonly maxSegmentSeconds: number | undefined;
  /** See `SpeechService.punctuation`. */
  readonly punctuation?: () => Promise<readonly string[]>;
};

/** Detection costs so much less than recognition of the same audio. */
const DETECTION_COST = 0.125;

/**
 * Speech recognition whose calls go to whichever host of the pool is free. Make one for each recording: where hosts are
 * few, recordings take turns.
 */
export function createSpeechService({
  pool,
  batchSize,
  maxSegmentSeconds,
  punctuation,
}: SpeechServiceOptions): SpeechService {
  const owner = {};
  const callFor = (seconds: number, cost: number, signal: AbortSignal | undefined) => ({
    owner,
    cost,
    allowanceSeconds: allowanceSeconds(seconds),
    ...(signal && { signal }),
  });
  return {
    batchSize,
    ...(maxSegmentSeconds !== undefined && { maxSegmentSeconds }),
    ...(punctuation && { punctuation }),
    detect(samples, { signal, ...options } = {}) {
      const seconds = samples.length / SAMPLE_RATE;
      const call = callFor(seconds, seconds * DETECTION_COST, signal);
      return pool.request('detect', { samples, options }, call);
    },
    listen(hearing, { signal } = {}) {
      const call = callFor(hearing.samples.length / SAMPLE_RATE, 0, signal);
      return pool.request('listen', hearing, { ...call, isUrgent: true });
    },
    detectLanguage(segment, { signal } = {}) {
      const seconds = segment.samples.length / SAMPLE_RATE;
      return pool.request('detectLanguage', { segment }, callFor(seconds, seconds, signal));
    },
    recognise(segments, options: RecogniseOptions, { signal, isUrgent = false } = {}) {
      const samples = segments.reduce((sum, { samples: { length } }) => sum + length, 0);
      const seconds = samples / SAMPLE_RATE;
      const call = { ...callFor(seconds, seconds, signal), isUrgent };
      return pool.request('recognise', { segments, options }, call);
    },
    get places() {
      return pool.states().length;
    },
    get freePlaces() {
      return pool.freePlaces;
    },
  };
}

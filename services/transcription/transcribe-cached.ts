import type { Transcript } from '#utils/transcript/types.js';
import { type CacheKeyOptions, cacheKey } from './cache-key.js';
import { transcribe } from './pipeline.js';
import type { PipelineDeps, PipelineEvent, TranscribeRequest } from './types.js';

type Awaitable<Value> = Value | Promise<Value>;

/** Transcripts by what they depend on. One that many machines share never rejects: what cannot be read is not there. */
export type TranscriptCache = {
  get(key: string): Awaitable<Transcript | undefined>;
  put(key: string, transcript: Transcript): Awaitable<void>;
};

export type CachedOptions = Pick<CacheKeyOptions, 'owner' | 'model' | 'version'> & {
  readonly cache: TranscriptCache;
  /** Called before anything is told, where it was transcribed before. */
  readonly onHit?: () => void;
};

/**
 * As `transcribe`, but what was transcribed before is told at once, with `fromCache`. It costs decoding the recording
 * once more, a hundredth of the work or so.
 */
export async function* transcribeCached(
  request: TranscribeRequest,
  deps: PipelineDeps,
  { cache, onHit, ...about }: CachedOptions,
): AsyncGenerator<PipelineEvent, void, void> {
  request.signal?.throwIfAborted();
  const key = await cacheKey({ request, deps, ...about });
  const kept = await cache.get(key);
  if (kept) {
    onHit?.();
    const audioSeconds = kept.duration;
    yield { type: 'progress', audioSeconds, totalSeconds: audioSeconds };
    for (const segment of kept.segments) yield { type: 'segment', segment };
    yield { type: 'done', transcript: kept, fromCache: true };
    return;
  }
  for await (const event of transcribe(request, deps)) {
    if (event.type === 'done') await cache.put(key, event.transcript);
    yield event;
  }
}

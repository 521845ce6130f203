import type { AudioSegment, RecogniseOptions, SpeechService } from '#services/asr/types.js';

/** What the pipeline asked the engine to recognise, call by call. */
export type RecordedCalls = readonly {
  readonly segments: readonly AudioSegment[];
  readonly options: RecogniseOptions;
}[];

/** A speech service that passes everything on and keeps what it was asked to recognise. */
export function recordCalls(speech: SpeechService): {
  speech: SpeechService;
  calls: RecordedCalls;
} {
  const calls: RecordedCalls[number][] = [];
  return {
    calls,
    speech: {
      batchSize: speech.batchSize,
      concurrency: speech.concurrency,
      detect: (samples, call) => speech.detect(samples, call),
      recognise(segments, options, call) {
        calls.push({ segments, options });
        return speech.recognise(segments, options, call);
      },
    },
  };
}

/** Gives the engine the same calls again, as many at once as it has hosts. Returns the milliseconds it took. */
export async function replayCalls(speech: SpeechService, calls: RecordedCalls): Promise<number> {
  const startedAt = performance.now();
  let next = 0;
  const work = async () => {
    while (next < calls.length) {
      const { segments, options } = calls[next++] as RecordedCalls[number];
      await speech.recognise(segments, options);
    }
  };
  await Promise.all(Array.from({ length: speech.concurrency }, work));
  return performance.now() - startedAt;
}

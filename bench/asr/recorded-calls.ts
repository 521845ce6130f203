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
      detect: (samples, call) => speech.detect(samples, call),
      listen: (hearing, call) => speech.listen(hearing, call),
      get places() {
        return speech.places;
      },
      get freePlaces() {
        return speech.freePlaces;
      },
      detectLanguage: (segment, call) => speech.detectLanguage(segment, call),
      recognise(segments, options, call) {
        calls.push({ segments, options });
        return speech.recognise(segments, options, call);
      },
    },
  };
}

/** Asks for the same again, all calls at once as the pipeline does. Returns the milliseconds until all are answered. */
export async function replayCalls(speech: SpeechService, calls: RecordedCalls): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(calls.map(({ segments, options }) => speech.recognise(segments, options)));
  return performance.now() - startedAt;
}

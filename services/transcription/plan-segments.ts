import type { SpeechSpan } from '#services/asr/types.js';

/** A stretch of audio to recognise in one go; seconds on the same clock as its spans. */
export type PlannedSegment = {
  /** Where its audio begins and ends: the speech with some of the pause around it. */
  readonly start: number;
  readonly end: number;
  /** The speech inside, at least one span. */
  readonly spans: readonly SpeechSpan[];
};

export type PlanOptions = {
  /** Pauses shorter than this, in seconds, stay inside a segment. */
  readonly joinPauseSeconds?: number;
  /** No segment is made longer than this by joining. */
  readonly maxSeconds?: number;
  /** Audio taken before and after the speech; half of the pause at most, so that no word is heard twice. */
  readonly paddingSeconds?: number;
  /** The same, before the speech alone. Default: as after it. */
  readonly prefixPaddingSeconds?: number;
  /** No segment ends after this. */
  readonly totalSeconds: number;
};

/** Groups spans of speech to segments: long enough for context, cut in pauses, with the edges of words inside. */
export function planSegments(spans: readonly SpeechSpan[], options: PlanOptions): PlannedSegment[] {
  const { joinPauseSeconds = 0.5, maxSeconds = 15, paddingSeconds = 0.3, totalSeconds } = options;
  const { prefixPaddingSeconds = paddingSeconds } = options;
  const groups: SpeechSpan[][] = [];
  for (const span of spans) {
    const group = groups.at(-1);
    const [first, last] = [group?.[0], group?.at(-1)];
    const joins =
      first !== undefined &&
      last !== undefined &&
      span.start - last.end < joinPauseSeconds &&
      span.end - first.start <= maxSeconds;
    if (joins) group?.push(span);
    else groups.push([span]);
  }
  return groups.map((group, index) => {
    const begin = (group[0] as SpeechSpan).start;
    const finish = (group.at(-1) as SpeechSpan).end;
    const pauseBefore = begin - (groups[index - 1]?.at(-1)?.end ?? Number.NEGATIVE_INFINITY);
    const pauseAfter = (groups[index + 1]?.[0]?.start ?? Number.POSITIVE_INFINITY) - finish;
    return {
      start: Math.max(0, begin - Math.min(prefixPaddingSeconds, pauseBefore / 2)),
      end: Math.min(totalSeconds, finish + Math.min(paddingSeconds, pauseAfter / 2)),
      spans: group,
    };
  });
}

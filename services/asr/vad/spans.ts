import type { SpeechSpan } from '../types.js';

export type SpanOptions = {
  readonly frameSeconds: number;
  /** Length of the audio: no span ends after it. */
  readonly totalSeconds: number;
  /** A span opens at this probability. Default 0.5. */
  readonly openAt?: number;
  /** A span closes when the probability stays below this. Default 0.35. */
  readonly closeBelow?: number;
  /** For so long, in seconds. Default 0.2. */
  readonly minSilenceSeconds?: number;
  /** Shorter spans are dropped as clicks. Default 0.1. */
  readonly minSpeechSeconds?: number;
  /** Longer spans are cut where speech is least likely. Default 15. */
  readonly maxSpeechSeconds?: number;
};

/** Below which probability speech ends that opens at `openAt`: silero's own distance between the two. */
export function closeBelow(openAt: number): number {
  return Math.max(openAt - 0.15, openAt / 2);
}

/** Turns frame probabilities into spans of speech, in order, without overlap, with hysteresis between two thresholds. */
export function findSpans(probabilities: Float32Array, options: SpanOptions): SpeechSpan[] {
  const { frameSeconds, totalSeconds, minSpeechSeconds = 0.1, maxSpeechSeconds = 15 } = options;
  return frameSpans(probabilities, options)
    .filter(([from, to]) => (to - from) * frameSeconds >= minSpeechSeconds)
    .flatMap((span) => cutLong(probabilities, span, Math.floor(maxSpeechSeconds / frameSeconds)))
    .map(([from, to]) => ({
      start: from * frameSeconds,
      end: Math.min(to * frameSeconds, totalSeconds),
      probability: mean(probabilities, from, to),
    }));
}

type FrameSpan = readonly [from: number, to: number];

function frameSpans(
  probabilities: Float32Array,
  { frameSeconds, openAt = 0.5, closeBelow: close = 0.35, minSilenceSeconds = 0.2 }: SpanOptions,
): FrameSpan[] {
  const spans: FrameSpan[] = [];
  const minSilenceFrames = minSilenceSeconds / frameSeconds;
  let from = -1;
  let silentFrames = 0;
  probabilities.forEach((probability, frame) => {
    if (from < 0) {
      if (probability >= openAt) {
        from = frame;
        silentFrames = 0;
      }
    } else if (probability < close) {
      silentFrames++;
      if (silentFrames >= minSilenceFrames) {
        spans.push([from, frame + 1 - silentFrames]);
        from = -1;
      }
    } else if (probability >= openAt) silentFrames = 0;
  });
  if (from >= 0) spans.push([from, probabilities.length - silentFrames]);
  return spans;
}

const SMOOTHING_FRAMES = 5;

/** Cuts a span at the quietest place of its middle until no part is longer than `maxFrames`. */
function cutLong(
  probabilities: Float32Array,
  [from, to]: FrameSpan,
  maxFrames: number,
): FrameSpan[] {
  const length = to - from;
  if (length <= maxFrames) return [[from, to]];
  let cut = from + Math.floor(length / 2);
  let lowest = Infinity;
  for (
    let frame = from + Math.floor(length * 0.3);
    frame < from + Math.floor(length * 0.7);
    frame++
  ) {
    const around = mean(probabilities, frame - SMOOTHING_FRAMES / 2, frame + SMOOTHING_FRAMES / 2);
    if (around < lowest) {
      lowest = around;
      cut = frame;
    }
  }
  return [
    ...cutLong(probabilities, [from, cut], maxFrames),
    ...cutLong(probabilities, [cut, to], maxFrames),
  ];
}

function mean(values: Float32Array, from: number, to: number): number {
  const part = values.subarray(Math.max(0, Math.ceil(from)), Math.ceil(to));
  return part.length === 0 ? 0 : part.reduce((sum, value) => sum + value, 0) / part.length;
}

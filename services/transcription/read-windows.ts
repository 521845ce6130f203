import { SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import { joinSamples } from '#utils/signal/pcm.js';
import { type PlannedSegment, planSegments } from './plan-segments.js';
import type { VadOptions } from './types.js';

/** A part of a chunk, cut in a pause, with the segments found in it. */
export type AudioWindow = {
  /** Seconds from the start of the recording to `samples[0]`. */
  readonly start: number;
  /** Where the window ends and the next one begins. */
  readonly end: number;
  readonly samples: Int16Array;
  /** On the clock of the recording. */
  readonly segments: readonly PlannedSegment[];
};

export type ReadWindowsOptions<Result> = {
  /** The audio of a chunk. What it returns is returned. */
  readonly blocks: AsyncGenerator<Int16Array, Result, void>;
  /** Seconds from the start of the recording to the first sample. */
  readonly start: number;
  readonly speech: SpeechService;
  readonly vad?: VadOptions | undefined;
  /** A window holds about this much audio at most, in seconds. Default 120. */
  readonly windowSeconds?: number;
  readonly signal: AbortSignal;
};

/** Recognition works on windows of two minutes: results come early, and few windows are in memory at once. */
const WINDOW_SECONDS = 120;
/** Silence that ends a span of speech, unless a request wants shorter pauses to end segments. */
const SPAN_SILENCE_SECONDS = 0.2;
/** Longer segments are not recognised better, and cost more memory (docs/decisions/segments-and-second-reading.md). */
const BEST_SPEECH_SECONDS = 15;
/** Audio around the speech of a segment, before and after it together. */
const PADDING_SECONDS = 0.6;
/** The first window is short, each next one twice as long: recognition begins almost at once. */
const FIRST_WINDOW_SECONDS = 15;

/**
 * Cuts the audio of a chunk into windows while it arrives and finds the speech in each. What follows the last pause of a
 * window is kept for the next one, so no word is cut. How the audio is divided into blocks changes nothing.
 *
 * Whoever leaves early ends the blocks. Throws what the blocks and the speech service throw.
 */
export async function* readWindows<Result>(
  options: ReadWindowsOptions<Result>,
): AsyncGenerator<AudioWindow, Result, void> {
  const { blocks, speech, vad, windowSeconds = WINDOW_SECONDS, signal } = options;
  let seconds = Math.min(FIRST_WINDOW_SECONDS, windowSeconds);
  let pending: Int16Array[] = [];
  let pendingSamples = 0;
  let offsetSamples = Math.round(options.start * SAMPLE_RATE);
  for (;;) {
    const block = await blocks.next();
    if (!block.done) {
      pending.push(block.value);
      pendingSamples += block.value.length;
    }
    for (;;) {
      const capacity = Math.round(seconds * SAMPLE_RATE);
      const ready = block.done ? pendingSamples > 0 : pendingSamples >= capacity;
      if (!ready) break;
      const mayGrow = seconds < windowSeconds;
      seconds = Math.min(2 * seconds, windowSeconds);
      const all = joinSamples(pending);
      const last = pendingSamples <= capacity && block.done === true;
      const samples = last ? all : all.subarray(0, capacity);
      const cut = await cutWindow({ samples, offsetSamples, last, mayGrow, speech, vad, signal });
      if (cut === undefined) {
        pending = [all];
        continue;
      }
      yield cut.window;
      const { used } = cut;
      const rest = all.slice(used);
      offsetSamples += used;
      pending = [rest];
      pendingSamples = rest.length;
    }
    if (block.done) return block.value;
  }
}

/** Speech of one segment in seconds: what is best, or what the model takes together with the pauses around it. */
function longestSpeech({ maxSegmentSeconds = Number.POSITIVE_INFINITY }: SpeechService): number {
  return Math.min(BEST_SPEECH_SECONDS, maxSegmentSeconds - PADDING_SECONDS);
}

/** Undefined when there is no pause to cut in yet, and a longer window may have one. */
async function cutWindow(work: {
  samples: Int16Array;
  offsetSamples: number;
  /** Nothing comes after these samples. */
  last: boolean;
  /** The window may still be made longer. */
  mayGrow: boolean;
  speech: SpeechService;
  vad: VadOptions | undefined;
  signal: AbortSignal;
}): Promise<{ window: AudioWindow; used: number } | undefined> {
  const { samples, offsetSamples, last, mayGrow, speech, signal } = work;
  const { threshold, silenceSeconds, prefixPaddingSeconds } = work.vad ?? {};
  const offset = offsetSamples / SAMPLE_RATE;
  const totalSeconds = samples.length / SAMPLE_RATE;
  const maxSeconds = longestSpeech(speech);
  const spans = await speech.detect(samples, {
    signal,
    maxSpeechSeconds: maxSeconds,
    ...(threshold !== undefined && { threshold }),
    // Pauses between that and the end of a segment stay inside it.
    ...(silenceSeconds !== undefined && {
      minSilenceSeconds: Math.min(silenceSeconds, SPAN_SILENCE_SECONDS),
    }),
  });
  const segments = planSegments(spans, {
    totalSeconds,
    maxSeconds,
    ...(silenceSeconds !== undefined && { joinPauseSeconds: silenceSeconds }),
    ...(prefixPaddingSeconds !== undefined && { prefixPaddingSeconds }),
  });
  let used = samples.length;
  const final = segments.at(-1);
  // Who speaks for a short window without a pause would be cut in the middle of a word.
  if (!last && mayGrow && segments.length === 1 && final?.end === totalSeconds) return undefined;
  // Speech that reaches the end may go on after it: leave it for the next window, unless it is all there is.
  if (!last && final && segments.length > 1 && final.end > totalSeconds / 2) {
    segments.pop();
    used = Math.round(final.start * SAMPLE_RATE);
  }
  return {
    used,
    window: {
      start: offset,
      end: offset + used / SAMPLE_RATE,
      samples,
      segments: segments.map(({ start, end, spans: inside }) => ({
        start: start + offset,
        end: end + offset,
        spans: inside.map((span) => ({
          ...span,
          start: span.start + offset,
          end: span.end + offset,
        })),
      })),
    },
  };
}

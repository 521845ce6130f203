import { SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import type { AudioDecoder, DecodeOptions } from '#services/audio/types.js';
import { joinSamples } from '#utils/signal/pcm.js';
import { type PlannedSegment, planSegments } from './plan-segments.js';

/** A part of the recording, cut in a pause, with the segments found in it. */
export type AudioWindow = {
  /** Seconds from the start of the recording to `samples[0]`. */
  readonly start: number;
  /** Where the window ends and the next one begins. */
  readonly end: number;
  readonly samples: Int16Array;
  /** On the clock of the recording. */
  readonly segments: readonly PlannedSegment[];
};

export type ReadWindowsOptions = {
  readonly path: string;
  readonly decoder: AudioDecoder;
  readonly speech: SpeechService;
  /** A window holds about this much audio at most, in seconds. */
  readonly windowSeconds: number;
  readonly signal: AbortSignal;
  readonly onOpen: NonNullable<DecodeOptions['onOpen']>;
};

/** The first window is short, each next one twice as long: recognition begins almost at once. */
const FIRST_WINDOW_SECONDS = 15;

/**
 * Decodes a recording window by window and finds the speech in each. What follows the last pause of a window is kept for
 * the next one, so no word is cut.
 *
 * @returns Seconds decoded. Throws what the decoder and the speech service throw.
 */
export async function* readWindows(
  options: ReadWindowsOptions,
): AsyncGenerator<AudioWindow, number, void> {
  const { path, decoder, speech, windowSeconds, signal, onOpen } = options;
  let seconds = Math.min(FIRST_WINDOW_SECONDS, windowSeconds);
  const blocks = decoder.decode(path, { signal, onOpen });
  let pending: Int16Array[] = [];
  let pendingSamples = 0;
  let offsetSamples = 0;
  let summary: number | undefined;
  try {
    while (summary === undefined) {
      const block = await blocks.next();
      if (block.done) summary = block.value.seconds;
      else {
        pending.push(block.value);
        pendingSamples += block.value.length;
      }
      for (;;) {
        const capacity = Math.round(seconds * SAMPLE_RATE);
        const ready = summary === undefined ? pendingSamples >= capacity : pendingSamples > 0;
        if (!ready) break;
        const mayGrow = seconds < windowSeconds;
        seconds = Math.min(2 * seconds, windowSeconds);
        const all = joinSamples(pending);
        const last = pendingSamples <= capacity && summary !== undefined;
        const samples = last ? all : all.subarray(0, capacity);
        const cut = await cutWindow({ samples, offsetSamples, last, mayGrow, speech, signal });
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
    }
  } finally {
    await blocks.return({ seconds: 0 });
  }
  return summary;
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
  signal: AbortSignal;
}): Promise<{ window: AudioWindow; used: number } | undefined> {
  const { samples, offsetSamples, last, mayGrow, speech, signal } = work;
  const offset = offsetSamples / SAMPLE_RATE;
  const totalSeconds = samples.length / SAMPLE_RATE;
  const spans = await speech.detect(samples, { signal });
  const segments = planSegments(spans, { totalSeconds });
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

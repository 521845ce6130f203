import { SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';

/** Sentences with a pause behind each, and the second at which each of them ends. */
export type Clips = { readonly samples: Int16Array; readonly ends: readonly number[] };

const LEAST_SECONDS = 2.5;
const MOST_SECONDS = 3.5;
/** Sound around the speech that is taken along. */
const MARGIN_SECONDS = 0.1;
const PAUSE_SECONDS = 1.5;

/** Stretches of about three seconds of speech without a pause inside, as a recording of their own. */
export async function threeSecondClips(
  recordings: readonly Int16Array[],
  options: { readonly speech: SpeechService; readonly count: number },
): Promise<Clips> {
  const parts: Int16Array[] = [];
  const ends: number[] = [];
  let seconds = 0;
  for (const samples of recordings) {
    for (const { start, end } of await options.speech.detect(samples)) {
      if (end - start < LEAST_SECONDS || end - start > MOST_SECONDS) continue;
      if (ends.length >= options.count) break;
      const from = Math.max(0, start - MARGIN_SECONDS);
      parts.push(part(samples, from, end + MARGIN_SECONDS));
      ends.push(seconds + PAUSE_SECONDS + end - from);
      seconds += PAUSE_SECONDS + end + MARGIN_SECONDS - from;
    }
  }
  return { samples: joined(parts), ends };
}

function part(samples: Int16Array, from: number, to: number): Int16Array {
  const pause = Math.round(PAUSE_SECONDS * SAMPLE_RATE);
  const sound = samples.subarray(Math.round(from * SAMPLE_RATE), Math.round(to * SAMPLE_RATE));
  const all = new Int16Array(pause + sound.length);
  all.set(sound, pause);
  return all;
}

/** One after the other, with a pause at the end. */
function joined(parts: readonly Int16Array[]): Int16Array {
  const length = parts.reduce((sum, each) => sum + each.length, 0);
  const all = new Int16Array(length + Math.round(PAUSE_SECONDS * SAMPLE_RATE));
  let at = 0;
  for (const each of parts) {
    all.set(each, at);
    at += each.length;
  }
  return all;
}

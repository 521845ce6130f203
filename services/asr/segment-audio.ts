import { type AudioSegment, type RecognisedSegment, SAMPLE_RATE } from './types.js';

/** Energy is compared over windows of 20 ms. */
const WINDOW_SAMPLES = SAMPLE_RATE / 50;

/** Cuts a segment at the quietest 20 ms of its middle third. */
export function halves({ samples }: AudioSegment): [AudioSegment, AudioSegment] {
  let cut = samples.length >> 1;
  let lowest = Infinity;
  const last = Math.floor((samples.length * 2) / 3);
  for (
    let at = Math.floor(samples.length / 3);
    at + WINDOW_SAMPLES <= last;
    at += WINDOW_SAMPLES / 2
  ) {
    let energy = 0;
    for (let index = at; index < at + WINDOW_SAMPLES; index++)
      energy += (samples[index] as number) ** 2;
    if (energy < lowest) {
      lowest = energy;
      cut = at + WINDOW_SAMPLES / 2;
    }
  }
  return [{ samples: samples.subarray(0, cut) }, { samples: samples.subarray(cut) }];
}

/** The segment with `seconds` of digital silence before and after it. */
export function withSilence({ samples }: AudioSegment, seconds: number): AudioSegment {
  const silent = Math.round(seconds * SAMPLE_RATE);
  const longer = new Int16Array(samples.length + 2 * silent);
  longer.set(samples, silent);
  return { samples: longer };
}

/** What was recognised in one part, and where that part begins, in seconds from the start of the whole. */
export type RecognisedPart = {
  readonly recognised: RecognisedSegment;
  readonly offset: number;
};

/** Puts what was recognised in consecutive parts together as if it had been one segment. */
export function joinRecognised(parts: readonly RecognisedPart[]): RecognisedSegment {
  const all = parts.map(({ recognised }) => recognised);
  // Each part ends with an end token, which its mean counts too.
  const weight = (part: RecognisedSegment) => part.tokens.length + 1;
  const total = all.reduce((sum, part) => sum + weight(part), 0);
  return {
    text: all
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join(' '),
    words: parts.flatMap(({ recognised, offset }) =>
      recognised.words.map((word) => ({
        ...word,
        start: word.start + offset,
        end: word.end + offset,
      })),
    ),
    tokens: all.flatMap((part) => part.tokens),
    avgLogprob:
      all.reduce((sum, part) => sum + part.avgLogprob * weight(part), 0) / Math.max(1, total),
    temperature: Math.max(0, ...all.map(({ temperature }) => temperature)),
    language: all[0]?.language ?? 'en',
  };
}

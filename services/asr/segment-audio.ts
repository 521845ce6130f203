import { type AudioSegment, type RecognisedSegment, SAMPLE_RATE } from './types.js';

/** Energy is compared over windows of 20 ms. */
const WINDOW_SAMPLES = SAMPLE_RATE / 50;

/** Cuts a segment at the quietest 20 ms of its middle third. */
export function halves({ samples }: AudioSegment): [AudioSegment, AudioSegment] {
  let cut = samples.length >> 1;
  let lowest = Infinity;
  const last = Math.floor((samples.length * 2) / 3);
  for (let at = Math.floor(samples.length / 3); at + WINDOW_SAMPLES <= last; at += WINDOW_SAMPLES / 2) {
    let energy = 0;
    for (let index = at; index < at + WINDOW_SAMPLES; index++) energy += (samples[index] as number) ** 2;
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

/** Puts what was recognised in consecutive parts together as if it had been one segment. */
export function joinRecognised(
  recognised: readonly RecognisedSegment[],
  parts: readonly AudioSegment[],
): RecognisedSegment {
  let offset = 0;
  const words = recognised.flatMap(({ words: own }, index) => {
    const begin = offset;
    offset += (parts[index]?.samples.length ?? 0) / SAMPLE_RATE;
    return own.map((word) => ({ ...word, start: word.start + begin, end: word.end + begin }));
  });
  const tokens = recognised.flatMap((each) => each.tokens);
  const weight = recognised.reduce((sum, each) => sum + Math.max(1, each.tokens.length), 0);
  const logprob = recognised.reduce(
    (sum, each) => sum + each.avgLogprob * Math.max(1, each.tokens.length),
    0,
  );
  return {
    text: recognised
      .map(({ text }) => text)
      .filter((text) => text !== '')
      .join(' '),
    words,
    tokens,
    avgLogprob: weight === 0 ? 0 : logprob / weight,
    temperature: Math.max(0, ...recognised.map(({ temperature }) => temperature)),
    language: recognised[0]?.language ?? 'en',
  };
}

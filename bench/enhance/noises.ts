import { seededRandom } from '../support/random.js';

/**
 * Noises that are the same on every machine. `hiss`: white, as of a bad line; `pink`: the same power in every octave, as
 * of wind, traffic and rooms; `babble`: eight stretches of other speech at once; `music`: four voices of a made-up organ
 * that change their chord twice a second.
 */
export const NOISES = ['hiss', 'pink', 'babble', 'music'] as const;
export type Noise = (typeof NOISES)[number];

const SAMPLE_RATE = 16_000;
const BABBLE_VOICES = 8;

/** @param speech For babble: a recording of people who are not in the one that it is mixed with. */
export function makeNoise(
  kind: Noise,
  { length, speech }: { readonly length: number; readonly speech: Int16Array },
): Float64Array {
  if (kind === 'hiss') return whiteNoise(length);
  if (kind === 'pink') return pinkNoise(length);
  return kind === 'babble' ? babble(length, speech) : organ(length);
}

/**
 * Mixes speech with noise. What becomes too loud is turned down, both together.
 *
 * @param decibels Ratio of the power of speech, where `isSpeech`, to that of noise.
 */
export function mix(
  speech: Int16Array,
  {
    noise,
    decibels,
    isSpeech,
  }: { noise: Float64Array; decibels: number; isSpeech: (at: number) => boolean },
): Int16Array {
  let [speechPower, samples, noisePower] = [0, 0, 0];
  for (const [at, value] of speech.entries()) {
    if (isSpeech(at)) {
      speechPower += value * value;
      samples += 1;
    }
    noisePower += (noise[at] as number) ** 2;
  }
  const ratio = speechPower / samples / (noisePower / speech.length);
  const share = Math.sqrt(ratio / 10 ** (decibels / 10));
  const mixed = noise.map((value, at) => (speech[at] as number) + share * value);
  const peak = mixed.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const gain = Math.min(1, 32_000 / peak);
  return Int16Array.from(mixed, (value) => Math.round(value * gain));
}

function whiteNoise(length: number): Float64Array {
  const random = seededRandom(2);
  return Float64Array.from({ length }, () => 2 * random() - 1);
}

/** White noise through one-pole filters an octave or two apart. */
function pinkNoise(length: number): Float64Array {
  const random = seededRandom(1);
  const poles = [0.997, 0.985, 0.93, 0.7];
  const parts = poles.map(() => 0);
  return Float64Array.from({ length }, () => {
    const white = 2 * random() - 1;
    let sum = 0;
    for (const [index, pole] of poles.entries()) {
      parts[index] = pole * (parts[index] as number) + Math.sqrt(1 - pole) * white;
      sum += parts[index] as number;
    }
    return sum;
  });
}

function babble(length: number, speech: Int16Array): Float64Array {
  const sum = new Float64Array(length);
  for (let voice = 0; voice < BABBLE_VOICES; voice++) {
    const from = Math.floor((speech.length * (voice + 0.37)) / BABBLE_VOICES);
    for (let at = 0; at < length; at++)
      sum[at] = (sum[at] as number) + (speech[(from + at) % speech.length] as number);
  }
  return sum;
}

function organ(length: number): Float64Array {
  const random = seededRandom(3);
  const sum = new Float64Array(length);
  const noteSamples = SAMPLE_RATE / 2;
  for (let from = 0; from < length; from += noteSamples)
    for (let voice = 0; voice < 4; voice++) {
      const hertz = 110 * 2 ** ((voice * 7 + Math.floor(random() * 12)) / 12);
      for (let at = from; at < Math.min(length, from + noteSamples); at++) {
        const seconds = (at - from) / SAMPLE_RATE;
        for (let partial = 1; partial <= 5; partial++)
          sum[at] =
            (sum[at] as number) +
            (Math.sin(2 * Math.PI * hertz * partial * seconds) * Math.exp(-2 * seconds)) / partial;
      }
    }
  return sum;
}

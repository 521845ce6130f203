/**
 * Speech with pink noise, the same for the same seed: `decibels` is the ratio of their powers over the whole of it.
 * What becomes too loud is turned down, both together.
 */
export function withNoise(
  speech: Int16Array,
  { decibels, seed = 1 }: { readonly decibels: number; readonly seed?: number },
): Int16Array {
  const noise = pinkNoise(speech.length, seed);
  const share = Math.sqrt(power(speech) / power(noise) / 10 ** (decibels / 10));
  const mixed = noise.map((value, at) => (speech[at] as number) + share * value);
  const peak = mixed.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const gain = Math.min(1, 32_000 / peak);
  return Int16Array.from(mixed, (value) => Math.round(value * gain));
}

function power(samples: Int16Array | Float64Array): number {
  let sum = 0;
  for (const value of samples) sum += value * value;
  return sum / samples.length;
}

/** Random numbers through one-pole filters an octave or two apart: power falls by about 3 dB an octave. */
function pinkNoise(length: number, seed: number): Float64Array {
  let state = seed >>> 0;
  const poles = [0.997, 0.985, 0.93, 0.7];
  const parts = poles.map(() => 0);
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const white = state / 2 ** 31 - 1;
    let sum = 0;
    for (const [index, pole] of poles.entries()) {
      parts[index] = pole * (parts[index] as number) + Math.sqrt(1 - pole) * white;
      sum += parts[index] as number;
    }
    return sum;
  });
}

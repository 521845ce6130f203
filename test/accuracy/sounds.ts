import { SAMPLE_RATE } from '#services/asr/types.js';

/** Sounds without speech, 16 kHz mono, the same at every call. */
export type Sound = { readonly name: string; readonly samples: Int16Array };

const SECONDS = 10;
const COUNT = SECONDS * SAMPLE_RATE;

/** Silence, white, pink and brown noise at several levels, mains hum, a tone, clicks. */
export function soundsWithoutSpeech(): Sound[] {
  return [
    sound('digital silence', () => 0),
    ...[-70, -50, -30, -15].map((level) =>
      sound(`white noise at ${level} dB`, scaled(white(), level)),
    ),
    ...[-50, -25].map((level) => sound(`pink noise at ${level} dB`, scaled(pink(), level))),
    ...[-40, -20].map((level) => sound(`brown noise at ${level} dB`, scaled(brown(), level))),
    sound(
      '50 Hz hum with harmonics',
      (at) => 0.1 * (sine(50, at) + 0.5 * sine(100, at) + 0.3 * sine(150, at)),
    ),
    sound('a 440 Hz tone', (at) => 0.2 * sine(440, at)),
    sound('clicks, three a second', (at) => (at % Math.floor(SAMPLE_RATE / 3) < 8 ? 0.8 : 0)),
  ];
}

/** Full scale is 1; what is beyond is clipped. */
function sound(name: string, valueAt: (sample: number) => number): Sound {
  const samples = Int16Array.from({ length: COUNT }, (_, at) =>
    Math.round(32_767 * Math.max(-1, Math.min(1, valueAt(at)))),
  );
  return { name, samples };
}

function sine(hertz: number, at: number): number {
  return Math.sin((2 * Math.PI * hertz * at) / SAMPLE_RATE);
}

/** Brings a noise to a root mean square of `level` dB below full scale. */
function scaled(noise: Float64Array, level: number): (at: number) => number {
  const rms = Math.sqrt(noise.reduce((sum, value) => sum + value * value, 0) / noise.length);
  const gain = 10 ** (level / 20) / rms;
  return (at) => (noise[at] ?? 0) * gain;
}

function white(): Float64Array {
  const random = seeded(1);
  // The sum of a few uniform values is close enough to a Gaussian.
  return Float64Array.from({ length: COUNT }, () => random() + random() + random() + random() - 2);
}

/** Voss and McCartney: sixteen rows of white noise, each renewed half as often as the one before. */
function pink(): Float64Array {
  const random = seeded(2);
  const rows = Array.from({ length: 16 }, () => random() - 0.5);
  return Float64Array.from({ length: COUNT }, (_, at) => {
    const row = Math.min(15, Math.log2((at + 1) & -(at + 1)));
    rows[row] = random() - 0.5;
    return rows.reduce((sum, value) => sum + value, 0);
  });
}

/** White noise summed up, with a leak that keeps it around zero. */
function brown(): Float64Array {
  const noise = white();
  let level = 0;
  return noise.map((value) => {
    level = level * 0.999 + value;
    return level;
  });
}

/** Mulberry32: a small generator with a seed, so that a failure can be seen again. Values from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

import { SAMPLE_RATE } from '#utils/signal/pcm.js';

/** Frames of which the energy is taken: longer than a pitch period, shorter than the gaps between words. */
const FRAME_SAMPLES = SAMPLE_RATE / 50;
/** So many neighbours are averaged, so that the quietest frames are the floor and not its chance dips. */
const SMOOTHED_FRAMES = 5;
/** Share of the frames that are taken for noise alone, and share below the level of speech. */
const FLOOR_SHARE = 0.1;
const SPEECH_SHARE = 0.9;
/** Power of a block, of full scale, below which nothing is said in it: -60 dB. */
const SILENCE_POWER = 1e-6;
/** Least floor: that of 16 bits. */
const LEAST_POWER = 1e-10;

/** Shares of the frames between which the floor is looked at for steadiness. */
const LOWEST_SHARE = 0.01;
const LOW_SHARE = 0.12;

export type NoiseGateOptions = {
  /** dB: noisier blocks are enhanced. */
  readonly closesBelow: number;
  /** dB: cleaner blocks are left as they are. Between both, a block is treated as the one before it. */
  readonly opensAbove: number;
  /** dB: where the noise itself goes up and down by more, it is left as well. */
  readonly mostUnrest: number;
};

export type NoiseMeasure = {
  /** How far speech stands above the noise, in dB. */
  readonly ratio: number;
  /** How far the noise goes up and down while nobody speaks, in dB. */
  readonly unrest: number;
};

/**
 * How much noise there is in a stretch, from energies alone: between words the noise is heard by itself, so the quietest
 * tenth of the frames says how strong it is (as in minimum statistics; Martin, 2001), and the loudest tenth is speech.
 * The frames below that say how steady it is: hiss, fans and traffic stay within 2 dB, other people talking do not.
 * Undefined where there is next to no sound.
 *
 * The ratio is not the one that a mixture was made with: where a tenth of the time is pause, 4 to 5 dB more.
 */
export function measureNoise(samples: Int16Array): NoiseMeasure | undefined {
  const powers = smoothed(framePowers(samples)).sort();
  const at = (share: number) =>
    Math.max(powers[Math.floor(powers.length * share)] ?? 0, LEAST_POWER);
  const speech = at(SPEECH_SHARE);
  if (speech < SILENCE_POWER) return undefined;
  const floor = at(FLOOR_SHARE);
  return {
    ratio: 10 * Math.log10(Math.max(speech - floor, LEAST_POWER) / floor),
    unrest: 10 * Math.log10(at(LOW_SHARE) / at(LOWEST_SHARE)),
  };
}

/** Says of the blocks of a recording, in their order, which of them are noisy enough to be enhanced. */
export class NoiseGate {
  readonly #options: NoiseGateOptions;
  #isNoisy = false;

  constructor(options: NoiseGateOptions) {
    this.#options = options;
  }

  /** A block without sound is left as it is, and says nothing about the next. */
  isNoisy(samples: Int16Array): boolean {
    const noise = measureNoise(samples);
    if (noise === undefined) return false;
    const { closesBelow, opensAbove, mostUnrest } = this.#options;
    const limit = this.#isNoisy ? opensAbove : closesBelow;
    this.#isNoisy = noise.ratio < limit && noise.unrest <= mostUnrest;
    return this.#isNoisy;
  }
}

/** Mean power of each frame, of full scale. */
function framePowers(samples: Int16Array): Float64Array {
  const powers = new Float64Array(Math.floor(samples.length / FRAME_SAMPLES));
  for (let frame = 0; frame < powers.length; frame++) {
    let sum = 0;
    for (let at = frame * FRAME_SAMPLES; at < (frame + 1) * FRAME_SAMPLES; at++)
      sum += ((samples[at] as number) / 32_768) ** 2;
    powers[frame] = sum / FRAME_SAMPLES;
  }
  return powers;
}

function smoothed(powers: Float64Array): Float64Array {
  return powers.map((_, index) => {
    const around = powers.subarray(
      Math.max(0, index - (SMOOTHED_FRAMES >> 1)),
      index + 1 + (SMOOTHED_FRAMES >> 1),
    );
    return around.reduce((sum, power) => sum + power, 0) / around.length;
  });
}

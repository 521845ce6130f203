import { joinSamples, SAMPLE_RATE } from '#utils/signal/pcm.js';
import { NoiseGate } from './noise-gate.js';
import type { EnhanceRequest, EnhanceService } from './types.js';

export type EnhanceBlocksOptions<Result> = {
  /** The audio of a chunk, 16 kHz mono. What it returns is returned. */
  readonly blocks: AsyncGenerator<Int16Array, Result, void>;
  readonly kind: EnhanceRequest['kind'];
  readonly service: EnhanceService;
  readonly signal: AbortSignal;
};

/** Samples that are decided upon and enhanced at once. */
export const STEP_SAMPLES = 10 * SAMPLE_RATE;
/** Heard before and after them: models need a run-up, and those that are not made for live sound look ahead. */
const BEFORE_SAMPLES = SAMPLE_RATE;
const AFTER_SAMPLES = SAMPLE_RATE / 2;
/** Less does not say how steady noise is. */
const LEAST_JUDGED_SAMPLES = 3 * SAMPLE_RATE;
/** Where two steps meet, one goes over into the other: 50 ms. */
const FADE_SAMPLES = SAMPLE_RATE / 20;
/**
 * In dB as `NoiseGate` measures them, which is 4 to 5 more than what a mixture is made with: noise is worth taking away
 * where speech is less than about 5 dB above it (docs/decisions/enhancement.md). Music is no noise that energies could
 * tell from voices: where it is to go, every step is worked on.
 */
export const GATES = {
  denoise: { closesBelow: 10, opensAbove: 13, mostUnrest: 2 },
  vocals: undefined,
} as const;

/**
 * Enhances the audio of a chunk while it arrives: step by step, each with a little of what is around it, cross-faded, so
 * that 12 seconds of it are in memory and the result depends on the chunk alone, however it is divided into blocks.
 * Steps that are clean are left as they are (`NoiseGate`).
 *
 * Whoever leaves early ends the blocks. Throws what the blocks and the service throw.
 */
export async function* enhanceBlocks<Result>(
  options: EnhanceBlocksOptions<Result>,
): AsyncGenerator<Int16Array, Result, void> {
  const { blocks, kind, service, signal } = options;
  const thresholds = GATES[kind];
  const gate = thresholds && new NoiseGate(thresholds);
  const pending = new Pending();
  let overlap: Int16Array = new Int16Array(0);
  let isFinished = false;
  try {
    for (;;) {
      const block = await blocks.next();
      if (!block.done) pending.add(block.value);
      while (block.done ? pending.ahead > 0 : pending.ahead >= STEP_SAMPLES + AFTER_SAMPLES) {
        const { samples, before, step } = pending.next();
        const isWanted = gate?.isNoisy(judged({ samples, before, step })) ?? true;
        const found = isWanted ? await service.enhance(samples, { signal }) : samples;
        const own = found.slice(before, before + step);
        fadeIn(own, overlap);
        overlap = found.slice(before + step, before + step + FADE_SAMPLES);
        yield own;
      }
      if (!block.done) continue;
      isFinished = true;
      return block.value;
    }
  } finally {
    if (!isFinished) await blocks.return(undefined as never).catch(() => {});
  }
}

/** What the gate decides by: the step alone, or with what is before it where the step is the short rest of a chunk. */
function judged({ samples, before, step }: ReturnType<Pending['next']>): Int16Array {
  return samples.subarray(step < LEAST_JUDGED_SAMPLES ? 0 : before, before + step);
}

/** Samples that have come, from a little before the next step on. */
class Pending {
  #samples: Int16Array = new Int16Array(0);
  #added: Int16Array[] = [];
  #addedSamples = 0;
  /** Samples before the next step. */
  #before = 0;

  /** Samples from the next step on. */
  get ahead(): number {
    return this.#samples.length + this.#addedSamples - this.#before;
  }

  add(block: Int16Array): void {
    this.#added.push(block);
    this.#addedSamples += block.length;
  }

  /** The next step with what is around it. */
  next(): { samples: Int16Array; before: number; step: number } {
    const all = joinSamples([this.#samples, ...this.#added]);
    const before = this.#before;
    const step = Math.min(STEP_SAMPLES, all.length - before);
    const end = before + step;
    const kept = Math.max(0, end - BEFORE_SAMPLES);
    this.#samples = all.slice(kept);
    this.#added = [];
    this.#addedSamples = 0;
    this.#before = end - kept;
    return { samples: all.slice(0, end + AFTER_SAMPLES), before, step };
  }
}

/** Lets the beginning of `samples` grow out of what the step before has for the same place. */
function fadeIn(samples: Int16Array, earlier: Int16Array): void {
  const length = Math.min(earlier.length, samples.length);
  for (let at = 0; at < length; at++) {
    const share = (at + 1) / (length + 1);
    const old = earlier[at] as number;
    samples[at] = Math.round(old + share * ((samples[at] as number) - old));
  }
}

import { GATES, STEP_SAMPLES } from '#services/enhance/enhance-blocks.js';
import { NoiseGate } from '#services/enhance/noise-gate.js';
import { loadMeetings, loadReferences } from '../scoring/references.js';
import type { OpenPipeline } from '../support/open-pipeline.js';

export type GateDecisions = {
  readonly name: string;
  /** Steps of 10 s that the gate would have denoised, and all. */
  readonly noisy: number;
  readonly steps: number;
};

/** What the gate makes of recordings without added noise. */
export async function measureGate(pipeline: OpenPipeline): Promise<GateDecisions[]> {
  const decisions: GateDecisions[] = [];
  for (const { name, audio } of [...loadReferences().references, ...loadMeetings()]) {
    const samples = await pipeline.decode(audio);
    const gate = new NoiseGate(GATES.denoise);
    const steps = Math.ceil(samples.length / STEP_SAMPLES);
    let noisy = 0;
    for (let step = 0; step < steps; step++) {
      const from = step * STEP_SAMPLES;
      if (gate.isNoisy(samples.subarray(from, from + STEP_SAMPLES))) noisy += 1;
    }
    decisions.push({ name, noisy, steps });
  }
  return decisions;
}

import { readFileSync } from 'node:fs';
import type { StereoSamples } from './encode-media.js';
import { fixturePcm } from './fixture-pcm.js';
import { fixture } from './paths.js';

export type SpokenTurn = {
  readonly speaker: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
};

const SAMPLE_RATE = 16_000;

/** Who says what when in the conversation of Alice and Bruno, from the reference that ships with it. */
export function spokenTurns(): SpokenTurn[] {
  return JSON.parse(readFileSync(fixture('two-speakers-clean', 'json'), 'utf8')).turns;
}

/** The first `seconds` of that conversation as a telephone system records it: Alice on the left, Bruno on the right. */
export function telephoneCall(seconds: number): StereoSamples {
  const all = fixturePcm('two-speakers-clean').subarray(0, seconds * SAMPLE_RATE);
  const left = new Int16Array(all.length);
  const right = new Int16Array(all.length);
  for (const { speaker, start, end } of spokenTurns()) {
    const from = Math.round(start * SAMPLE_RATE);
    const piece = all.subarray(from, Math.round(end * SAMPLE_RATE));
    (speaker === 'Alice' ? left : right).set(piece, Math.min(from, all.length));
  }
  return { left, right };
}

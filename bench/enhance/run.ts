import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { barTable } from '../report/bars.js';
import { describeEnvironment } from '../report/environment.js';
import { loadReferences, type Reference } from '../scoring/references.js';
import { type OpenPipeline, openPipeline } from '../support/open-pipeline.js';
import { measureGate } from './gate.js';
import { type Heard, measureNoise, measureSpeed } from './measure.js';
import type { Noise } from './noises.js';
import { gainBars, gateTable, noiseTable } from './report.js';

/** Those that have no noise of their own, and are short. */
const CLEAN = ['two-speakers-clean', 'three-speakers-reverb'];
/** Others speak in it: it is what babble is made of. */
const OTHERS = 'six-speakers-long';
const DENOISED: readonly Noise[] = ['hiss', 'pink', 'babble'];

/** Prints what taking noise away does to words and speakers: see `npm run bench -- enhance --help`. */
export async function runEnhanceBench({ snr }: { snr: number[] }): Promise<void> {
  const environment = describeEnvironment();
  const { references } = loadReferences();
  const recordings = references.filter(({ name }) => CLEAN.includes(name));
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-enhance-'));
  const pipeline = await openPipeline();
  try {
    const model = await pipeline.enhancementModel('denoise');
    const others = await pipeline.decode(speechOfOthers(references).audio);
    const measure = (noise: Noise | 'none', decibels?: number) => (reference: Reference) =>
      measureNoise({ pipeline, reference, noise, decibels, others, kind: 'denoise', folder });
    const heard: Heard[] = await inTurn(recordings, measure('none'));
    for (const decibels of snr)
      for (const noise of DENOISED)
        heard.push(...(await inTurn(recordings, measure(noise, decibels))));
    const speed = await measureSpeed(pipeline, { kind: 'denoise', samples: others });
    const sections = [
      '## Enhancement',
      environment,
      `### denoise with ${model}`,
      `One host enhances ${speed.toFixed(0)} s of audio a second. Noises are made (bench/enhance/noises.ts); ratios are of the power of speech, where the reference has any, to that of noise. DER: mean over the recordings.`,
      noiseTable(heard),
      barTable(gainBars(heard)),
      '### What the gate leaves alone, without added noise',
      gateTable(await measureGate(pipeline)),
      await vocalSection({ pipeline, recordings, others, folder, snr }),
    ];
    process.stdout.write(`${sections.join('\n\n')}\n`);
  } finally {
    await pipeline.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Music under speech, where a model for it is installed. */
async function vocalSection(options: {
  pipeline: OpenPipeline;
  recordings: readonly Reference[];
  others: Int16Array;
  folder: string;
  snr: readonly number[];
}): Promise<string> {
  const { pipeline, recordings, others, folder, snr } = options;
  try {
    const model = await pipeline.enhancementModel('vocals');
    const heard: Heard[] = [];
    for (const decibels of snr)
      heard.push(
        ...(await inTurn(recordings, (reference) =>
          measureNoise({
            ...{ pipeline, reference, others, folder, decibels },
            noise: 'music',
            kind: 'vocals',
          }),
        )),
      );
    const speed = await measureSpeed(pipeline, { kind: 'vocals', samples: others });
    return `### vocals with ${model}\n\nOne host: ${speed.toFixed(1)} s of audio a second.\n\n${noiseTable(heard)}`;
  } catch (error) {
    if (!(error instanceof WhosaidError)) throw error;
    return `### vocals\n\nNot measured: ${error.message}`;
  }
}

function speechOfOthers(references: readonly Reference[]): Reference {
  const found = references.find(({ name }) => name === OTHERS) ?? references.at(-1);
  if (!found) throw new Error('There are no recordings with a reference.');
  return found;
}

async function inTurn(
  recordings: readonly Reference[],
  measure: (reference: Reference) => Promise<Heard[]>,
): Promise<Heard[]> {
  const heard: Heard[] = [];
  for (const reference of recordings) heard.push(...(await measure(reference)));
  return heard;
}

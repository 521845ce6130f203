import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { note } from '../report/progress.js';
import type { ScaleFigures } from './figures.js';
import { measureScale } from './measure.js';
import { measuredSection } from './report-measured.js';
import { simulatedSection } from './report-simulated.js';
import type { Assumptions } from './simulation/costs.js';
import { latencies, sweep } from './simulation/sweep.js';

export const SCALE_PARTS = ['measure', 'simulate'] as const;
export type ScalePart = (typeof SCALE_PARTS)[number];

export type ScaleOptions = {
  /** Numbers of real workers, one run each. */
  readonly workers: readonly number[];
  /** Length of the recording that they work through. */
  readonly minutes: number;
  /** CHUNK_SECONDS in the simulation. */
  readonly chunkSeconds: number;
  /** Length of the simulated recordings. */
  readonly hours: number;
  readonly storeGbit: number;
  readonly linkGbit: number;
  readonly gateways: number;
  readonly seed: number;
  readonly only?: ScalePart;
  /** File of what was measured: written, or read where only the simulation is wanted. */
  readonly figures?: string;
};

/** What was measured for docs/scaling.md: for whoever wants the simulation alone. */
const KEPT_FIGURES = join(projectRoot, 'bench', 'scale', 'figures.json');
/** Many short chunks say more about their times than a few long ones. */
const MEASURED_CHUNK_SECONDS = 60;
const MEASURED_OVERLAP_SECONDS = 5;
const SIMULATED_WORKERS = [1, 2, 4, 8, 16, 32, 64, 100, 128, 256, 512, 1000];
const BYTES_PER_GBIT = 1e9 / 8;

/** Prints what more workers bring: see `npm run bench -- scale --help`. */
export async function runScaleBench(options: ScaleOptions): Promise<void> {
  const { workers, minutes, only, figures: path } = options;
  const figures =
    only === 'simulate'
      ? (JSON.parse(await readFile(path ?? KEPT_FIGURES, 'utf8')) as ScaleFigures)
      : await measureScale({
          ...{ workers, minutes },
          chunkSeconds: MEASURED_CHUNK_SECONDS,
          overlapSeconds: MEASURED_OVERLAP_SECONDS,
        });
  if (only !== 'simulate' && path !== undefined)
    await writeFile(path, `${JSON.stringify(figures, undefined, 2)}\n`);
  const sections = [
    '## Scaling',
    figures.environment,
    measuredSection(figures),
    ...(only === 'measure' ? [] : [simulated(figures, options)]),
  ];
  process.stdout.write(`${sections.join('\n\n')}\n`);
}

function simulated(figures: ScaleFigures, options: ScaleOptions): string {
  const { chunkSeconds, hours, storeGbit, linkGbit, gateways, seed } = options;
  const assumed: Assumptions = {
    ...{ chunkSeconds, gateways, seed },
    jobSeconds: hours * 3600,
    storeBytesPerSecond: storeGbit * BYTES_PER_GBIT,
    linkBytesPerSecond: linkGbit * BYTES_PER_GBIT,
  };
  note('scale: simulating');
  const counts = SIMULATED_WORKERS;
  const lengths = [...new Set([chunkSeconds, figures.chunkSeconds])];
  return simulatedSection(figures, {
    assumed,
    flow: sweep(figures, { ...assumed, counts }),
    alone: lengths.map((length) => ({
      chunkSeconds: length,
      latencies: latencies(figures, { ...assumed, chunkSeconds: length, counts }),
    })),
  });
}

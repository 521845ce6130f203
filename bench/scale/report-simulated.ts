import { markdownTable } from '../report/markdown-table.js';
import type { ScaleFigures } from './figures.js';
import type { Assumptions } from './simulation/costs.js';
import { type Limit, limitsOf, rateOfOne } from './simulation/limits.js';
import type { Latency, Sweep } from './simulation/sweep.js';

/** What the simulation says of an endless flow of recordings, and of a single one. */
export function simulatedSection(
  figures: ScaleFigures,
  {
    assumed,
    flow,
    alone,
  }: {
    assumed: Assumptions;
    flow: readonly Sweep[];
    /** A single recording, by the length of its chunks. */
    alone: readonly { readonly chunkSeconds: number; readonly latencies: readonly Latency[] }[];
  },
): string {
  return [
    '### Simulated: many workers',
    `Recordings of ${(assumed.jobSeconds / 3600).toFixed(1)} h in chunks of ${assumed.chunkSeconds} s; ${assumed.gateways} gateways, one Redis, one store with a line of ${gigabits(assumed.storeBytesPerSecond)}, machines with lines of ${gigabits(assumed.linkBytesPerSecond)}; seed ${assumed.seed}. A worker is one core, as measured.`,
    flowTable(flow),
    changesOf(flow),
    '#### Where each part is full',
    limitsTable(figures, limitsOf(figures, assumed)),
    `#### A single recording of ${(assumed.jobSeconds / 3600).toFixed(1)} h, with nothing else to do`,
    aloneTable(alone),
  ].join('\n\n');
}

function flowTable(flow: readonly Sweep[]): string {
  return markdownTable(
    [
      'workers',
      'audio h/h',
      'speed-up',
      'efficiency',
      'workers busy',
      'cutting',
      'merging',
      'Redis',
      'store',
      'gateways',
      'bottleneck',
    ],
    flow.map(({ workers, outcome, speedUp, bottleneck }) => {
      const { throughput, busy, cutting, merging } = outcome;
      return [
        `${workers}`,
        throughput.toFixed(0),
        `${speedUp.toFixed(1)}x`,
        percent(speedUp / workers),
        percent(busy.workers),
        percent(cutting),
        percent(merging),
        percent(busy.Redis),
        percent(busy.store),
        percent(busy.gateways),
        bottleneck,
      ];
    }),
  );
}

/** In a sentence, where the bottleneck moves. */
function changesOf(flow: readonly Sweep[]): string {
  const changes = flow.flatMap((each, index) => {
    const before = flow[index - 1];
    if (before === undefined || before.bottleneck === each.bottleneck) return [];
    return [
      `from ${before.bottleneck} to ${each.bottleneck} between ${before.workers} and ${each.workers} workers`,
    ];
  });
  return changes.length === 0
    ? `The bottleneck is the same all along: ${flow[0]?.bottleneck ?? '–'}.`
    : `The bottleneck moves ${changes.join(', then ')}.`;
}

function limitsTable(figures: ScaleFigures, limits: readonly Limit[]): string {
  return [
    `One worker does ${rateOfOne(figures).toFixed(1)} h of audio in an hour. Were there no other limit, each part would be full with:`,
    markdownTable(
      ['part', 'workers', 'audio h/h'],
      limits.map(({ resource, workers, throughput }) => [
        resource,
        workers.toFixed(0),
        throughput.toFixed(0),
      ]),
    ),
  ].join('\n\n');
}

function aloneTable(
  alone: readonly { readonly chunkSeconds: number; readonly latencies: readonly Latency[] }[],
): string {
  const [first] = alone;
  return markdownTable(
    [
      'workers',
      ...alone.flatMap(({ chunkSeconds }) => [`chunks of ${chunkSeconds} s`, 'speed-up']),
    ],
    (first?.latencies ?? []).map(({ workers }, row) => [
      `${workers}`,
      ...alone.flatMap(({ latencies }) => {
        const seconds = latencies[row]?.seconds ?? Number.NaN;
        return [
          duration(seconds),
          `${((latencies[0]?.seconds ?? Number.NaN) / seconds).toFixed(1)}x`,
        ];
      }),
    ]),
  );
}

function duration(seconds: number): string {
  return seconds >= 120 ? `${(seconds / 60).toFixed(1)} min` : `${seconds.toFixed(1)} s`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.01 ? 2 : 0)} %`;
}

function gigabits(bytesPerSecond: number): string {
  return `${((bytesPerSecond * 8) / 1e9).toFixed(1)} Gbit/s`;
}

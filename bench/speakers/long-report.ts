import { type Bar, barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import type { LongRun } from './measure-long.js';
import { scoreCells } from './report.js';

/** How much longer each second of audio may take in the long recording than in the short one. */
const SLOWER_AT_MOST = 1.05;
const MORE_MEMORY_AT_MOST = 1.1;

/** A short and a long recording side by side, as Markdown. */
export function reportLong(
  environment: string,
  { name, short, long }: { name: string; short: LongRun; long: LongRun },
): string {
  return [
    '## Long recordings',
    environment,
    `Made of the turns of ${name}, in a new order again and again; the whole pipeline with speakers, engines loaded before.`,
    markdownTable(
      [
        'recording (min)',
        'time (s)',
        'times real time',
        'memory of all processes (MB)',
        'shared pages once (MB)',
        'DER',
        'speakers found',
      ],
      [short, long].map(row),
    ),
    ...processTables([short, long]),
    barTable(bars(short, long)),
  ].join('\n\n');
}

function row({ seconds, elapsedMs, memory, score }: LongRun): string[] {
  return [
    minutes(seconds),
    (elapsedMs / 1000).toFixed(0),
    `${((seconds * 1000) / elapsedMs).toFixed(1)}x`,
    memory === undefined ? '–' : megabytes(memory.peakTotalRssBytes),
    memory === undefined ? '–' : megabytes(memory.peakTotalPssBytes),
    ...scoreCells(score),
  ];
}

/** Where the memory is, for each recording. */
function processTables(runs: readonly LongRun[]): string[] {
  return runs.flatMap(({ seconds, memory }) =>
    memory === undefined
      ? []
      : [
          markdownTable(
            [`process, ${minutes(seconds)} min`, 'peak memory (MB)'],
            memory.processes.map(({ name, peakRssBytes }) => [name, megabytes(peakRssBytes)]),
          ),
        ],
  );
}

function bars(short: LongRun, long: LongRun): Bar[] {
  const longer = long.seconds / short.seconds;
  const names = `${minutes(long.seconds)} min against ${minutes(short.seconds)} min`;
  const found = long.score.hypothesisSpeakers;
  return [
    {
      what: `time, ${names}`,
      value: long.elapsedMs / short.elapsedMs,
      limit: { atMost: longer * SLOWER_AT_MOST },
      unit: 'x',
    },
    {
      what: `peak memory of all processes, ${names}`,
      value:
        long.memory && short.memory
          ? long.memory.peakTotalRssBytes / short.memory.peakTotalRssBytes
          : undefined,
      limit: { atMost: MORE_MEMORY_AT_MOST },
      unit: 'x',
    },
    {
      what: `speakers too many or too few, ${minutes(long.seconds)} min`,
      value: Math.abs(found - long.score.referenceSpeakers),
      limit: { atMost: 0 },
      digits: 0,
    },
  ];
}

function minutes(seconds: number): string {
  return (seconds / 60).toFixed(0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

import { type Bar, barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import { median, spread } from '../report/statistics.js';
import type { Agreement } from './measure-agreement.js';
import type { LoadRound } from './measure-load.js';
import type { Overhead } from './measure-overhead.js';
import type { StreamRun } from './measure-stream.js';

export type GatewayFigures = {
  readonly overhead: Overhead;
  readonly load: readonly LoadRound[];
  readonly clients: number;
  /** What was streamed, and its length in seconds. */
  readonly streamed: { readonly name: string; readonly seconds: number };
  readonly words: readonly StreamRun[];
  readonly speakers: readonly StreamRun[];
  readonly agreements: readonly Agreement[];
};

const MOST_OVERHEAD_MS = 25;
const MOST_WITH_DECODING_MS = 80;
const FIRST_WORDS_SHARE = 0.1;
const LEAST_AGREEMENT = 0.97;

/** The figures of the gateway as Markdown. */
export function reportGateway(environment: string, figures: GatewayFigures): string {
  return [
    '## Gateway',
    environment,
    '### A clip of one second',
    overheadTable(figures.overhead),
    `### ${figures.clients} clients at once, each with a clip of five seconds`,
    loadTable(figures.load),
    `### First words of a stream (${figures.streamed.name}, ${(figures.streamed.seconds / 60).toFixed(0)} min)`,
    streamTable(figures),
    '### Live speaker labels against those of the whole recording',
    agreementTable(figures.agreements),
    barTable(bars(figures)),
  ].join('\n\n');
}

/** Total less what decoding and the engine take, run by run; the three are measured one right after the other. */
function added({ totalMs, decodingMs, engineMs }: Overhead, withDecoding: boolean): number[] {
  return totalMs.map((total, run) => {
    const decoding = withDecoding ? 0 : (decodingMs[run] ?? 0);
    return total - decoding - (engineMs[run] ?? 0);
  });
}

function overheadTable(overhead: Overhead): string {
  const row = (what: string, values: readonly number[]) => [what, spread(values, ' ms')];
  return markdownTable(
    ['', 'median (range)'],
    [
      row('over HTTP, in all', overhead.totalMs),
      row('decoding alone', overhead.decodingMs),
      row('engine alone', overhead.engineMs),
      row('added by the gateway', added(overhead, false)),
    ],
  );
}

function loadTable(rounds: readonly LoadRound[]): string {
  return markdownTable(
    ['round', 'answered', '429 or 503', 'failed', 'median (s)', 'p95 (s)', 'peak memory (MB)'],
    rounds.map(({ answered, turnedAway, failed, elapsedMs, memory }, round) => [
      String(round + 1),
      String(answered),
      String(turnedAway),
      String(failed),
      (median(elapsedMs) / 1000).toFixed(1),
      (p95(elapsedMs) / 1000).toFixed(1),
      (memory.peakTotalPssBytes / 1e6).toFixed(0),
    ]),
  );
}

function p95(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(0.95 * sorted.length) - 1)] ?? Number.NaN;
}

function streamTable({ words, speakers }: GatewayFigures): string {
  const row = (what: string, runs: readonly StreamRun[]) => [
    what,
    spread(seconds(runs.map(({ firstMs }) => firstMs)), ' s'),
    spread(seconds(runs.map(({ totalMs }) => totalMs)), ' s'),
    spread(shares(runs), ' %'),
  ];
  return markdownTable(
    ['', 'first words', 'in all', 'share'],
    [row('words', words), row('words with speakers', speakers)],
  );
}

const seconds = (ms: readonly number[]) => ms.map((value) => value / 1000);
const shares = (runs: readonly StreamRun[]) =>
  runs.map(({ firstMs, totalMs }) => (100 * firstMs) / totalMs);

function agreementTable(agreements: readonly Agreement[]): string {
  return markdownTable(
    ['recording', 'words', 'same speaker', 'speakers', 'live'],
    agreements.map(({ name, words, share, speakers, liveSpeakers }) => [
      name,
      String(words),
      `${(100 * share).toFixed(1)} %`,
      String(speakers),
      String(liveSpeakers),
    ]),
  );
}

function bars({ overhead, load, words, agreements, clients }: GatewayFigures): Bar[] {
  const total = agreements.reduce((sum, each) => sum + each.words, 0);
  const same = agreements.reduce((sum, each) => sum + each.words * each.share, 0);
  const [first, last] = [load[0], load.at(-1)].map((round) => round?.memory.peakTotalPssBytes);
  return [
    {
      what: 'added by the gateway to a clip of 1 s, median (ms)',
      value: median(added(overhead, false)),
      limit: { atMost: MOST_OVERHEAD_MS },
      digits: 1,
    },
    {
      what: 'the same with decoding (ms)',
      value: median(added(overhead, true)),
      limit: { atMost: MOST_WITH_DECODING_MS },
      digits: 1,
    },
    {
      what: `of ${clients} clients at once neither answered nor turned away properly`,
      value: load.reduce((sum, { failed }) => sum + failed, 0),
      limit: { atMost: 0 },
      digits: 0,
    },
    {
      what: 'memory of the last round against the first',
      value: first && last ? last / first : undefined,
      limit: { atMost: 1.1 },
      unit: 'x',
    },
    {
      what: 'first words of a stream, share of the total',
      value: median(shares(words)) / 100,
      limit: { atMost: FIRST_WORDS_SHARE },
      digits: 3,
    },
    {
      what: 'live labels that are those of the whole recording',
      value: total > 0 ? same / total : undefined,
      limit: { atLeast: LEAST_AGREEMENT },
      digits: 4,
    },
  ];
}

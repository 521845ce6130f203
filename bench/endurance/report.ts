import { type Bar, barTable } from '../report/bars.js';
import { markdownTable } from '../report/markdown-table.js';
import { median, spread } from '../report/statistics.js';
import { type MemorySample, rssOf } from '../support/memory-log.js';
import type { Recovery } from './measure-recovery.js';
import type { IdleMemory, RequestsRun } from './measure-requests.js';
import type { Sharing } from './measure-sharing.js';

const GATEWAY_MB_AT_MOST = 20;
const HOSTS_AT_MOST = 1.05;
const RECOVERY_SECONDS_AT_MOST = 3;
/** Processes that hold models, by the module that they run. */
const HOST_NAME = /-host-main\.js$/;

/** What was measured, as Markdown. */
export function reportEndurance(environment: string, sections: readonly string[]): string {
  return ['## Endurance', environment, ...sections].join('\n\n');
}

/** Memory over many requests. `pid` is the gateway's. */
export function requestsSection(run: RequestsRun, { pid }: { readonly pid: number }): string {
  const { memory, failed, elapsedMs } = run;
  const count = elapsedMs.length;
  const problems = [...failed].map(([status, times]) => `${times} × ${status}`).join(', ');
  return [
    `### ${count} short requests, one after the other`,
    'Clips of 3 to 5 s, every fourth with speakers. Resident memory of the idle server, medians of five samples, MB.',
    markdownTable(
      ['requests', 'gateway', 'its heap in use', 'engines', 'decoders'],
      memory.map((idle) => [
        String(idle.requests),
        megabytes(gatewayRss(idle, pid)),
        megabytes(idle.heapBytes),
        megabytes(hostsRss(idle)),
        megabytes(
          medianOf(idle, (sample) => rssOf(sample) - gatewayOf(sample, pid) - hostsOf(sample)),
        ),
      ]),
    ),
    `Time of a request: ${spread(elapsedMs, ' ms', 0)}; without a transcript: ${problems || 'none'}.`,
    barTable(requestBars(run, pid)),
  ].join('\n\n');
}

function requestBars({ memory, failed, elapsedMs }: RequestsRun, pid: number): Bar[] {
  const [first, last] = [memory[0], memory.at(-1)];
  const span = `after ${elapsedMs.length} requests against ${first?.requests ?? 0}`;
  return [
    {
      what: `memory of the gateway higher by, ${span}`,
      value: first && last && (gatewayRss(last, pid) - gatewayRss(first, pid)) / 1e6,
      limit: { atMost: GATEWAY_MB_AT_MOST },
      unit: ' MB',
      digits: 1,
    },
    {
      what: `memory of the engines, ${span}`,
      value: first && last && hostsRss(last) / hostsRss(first),
      limit: { atMost: HOSTS_AT_MOST },
      unit: 'x',
      digits: 3,
    },
    {
      what: 'requests without a transcript',
      value: [...failed.values()].reduce((sum, times) => sum + times, 0),
      limit: { atMost: 0 },
      digits: 0,
    },
  ];
}

/** How soon there is a transcript again. */
export function recoverySection(recoveries: readonly Recovery[]): string {
  const seconds = (values: readonly number[]) => values.map((ms) => ms / 1000);
  return [
    '### Killed engines (SIGKILL)',
    'From the kill to the end of the first answer with a transcript to a request sent after it: a clip of 3 to 5 s, with speakers where it is their engine. At work: on a minute of audio.',
    markdownTable(
      [
        'killed',
        'first success, median (s)',
        'worst',
        'answered with an error before',
        'interrupted requests answered',
      ],
      recoveries.map(({ kind, killed, when, firstSuccessMs, refused, interrupted, rescued }) => [
        `${killed} of the ${kind.role} engines, ${when === 'idle' ? 'idle' : 'at work'}`,
        median(seconds(firstSuccessMs)).toFixed(2),
        Math.max(...seconds(firstSuccessMs)).toFixed(2),
        String(refused),
        interrupted === 0 ? '–' : `${rescued} of ${interrupted}`,
      ]),
    ),
    barTable([recoveryBar(recoveries, 'one'), recoveryBar(recoveries, 'all')]),
  ].join('\n\n');
}

function recoveryBar(recoveries: readonly Recovery[], killed: Recovery['killed']): Bar {
  const times = recoveries
    .filter((recovery) => recovery.killed === killed)
    .flatMap(({ firstSuccessMs }) => firstSuccessMs);
  const what = killed === 'one' ? 'an engine' : 'all engines of a kind at once';
  return {
    what: `kill -9 of ${what} to the next success, worst of ${times.length}`,
    value: Math.max(...times) / 1000,
    limit: { atMost: RECOVERY_SECONDS_AT_MOST },
    unit: ' s',
  };
}

/** What long recordings cost a short one. */
export function sharingSection({ longRecordings, aloneMs, besideMs, failed }: Sharing): string {
  return [
    `### A short clip beside ${longRecordings} long recordings`,
    markdownTable(
      ['', 'median (range)'],
      [
        ['alone', spread(aloneMs, ' ms', 0)],
        [
          `with ${longRecordings} recordings of an hour in work, with speakers`,
          spread(besideMs, ' ms', 0),
        ],
        ['times as long', `${(median(besideMs) / median(aloneMs)).toFixed(1)}x`],
        ['without a transcript', String(failed)],
      ],
    ),
  ].join('\n\n');
}

function gatewayRss(idle: IdleMemory, pid: number): number {
  return medianOf(idle, (sample) => gatewayOf(sample, pid));
}

function hostsRss(idle: IdleMemory): number {
  return medianOf(idle, hostsOf);
}

function medianOf({ samples }: IdleMemory, of: (sample: MemorySample) => number): number {
  return median(samples.map(of));
}

function gatewayOf({ processes }: MemorySample, gateway: number): number {
  return processes.find(({ pid }) => pid === gateway)?.rssBytes ?? Number.NaN;
}

function hostsOf({ processes }: MemorySample): number {
  return processes
    .filter(({ name }) => HOST_NAME.test(name))
    .reduce((sum, { rssBytes }) => sum + rssBytes, 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

import { type Bar, barTable } from '../report/bars.js';
import { median, spread } from '../report/statistics.js';
import type { ManyJobs } from './measure-many.js';
import type { Merge } from './measure-merge.js';
import type { Overhead } from './measure-overhead.js';

const OVERHEAD_MS_AT_MOST = 100;
const MERGE_SECONDS_AT_MOST = 5;
const MERGE_MB_AT_MOST = 300;
/** Of two clients who take turns, the one has about as many jobs done meanwhile as the other, and a few in work. */
const MEANWHILE_AT_MOST = 1.2;

export function reportJobs(environment: string, sections: readonly string[]): string {
  return ['## Jobs', environment, ...sections].join('\n\n');
}

/** What a job takes longer than a request that waits for its answer. */
export function overheadSection({ directMs, jobMs }: Overhead): string {
  const overheadMs = jobMs.map((ms, index) => ms - (directMs[index] as number));
  return [
    '### A minute of audio, directly and as a job',
    `Directly ${spread(directMs, ' ms', 0)}, as a job ${spread(jobMs, ' ms', 0)}: made, waited for by its events, its result fetched.`,
    barTable([
      {
        what: `a job against the direct request, 60 s of audio, median of ${jobMs.length}`,
        value: median(overheadMs),
        limit: { atMost: OVERHEAD_MS_AT_MOST },
        unit: ' ms',
        digits: 0,
      },
    ]),
  ].join('\n\n');
}

/** Many small jobs at once. */
export function manySection(run: ManyJobs): string {
  const { jobs, completed, notOnce, seconds, few, manyMeanwhile, farthest } = run;
  const bars: Bar[] = [
    { what: 'jobs without a transcript', value: jobs - completed, limit: { atMost: 0 }, digits: 0 },
    { what: 'jobs that did not end exactly once', value: notOnce, limit: { atMost: 0 }, digits: 0 },
    {
      what: `jobs of the other client while the ${few} were done, against ${few}`,
      value: manyMeanwhile / few,
      limit: { atMost: MEANWHILE_AT_MOST },
      unit: 'x',
    },
  ];
  return [
    `### ${jobs} small jobs at once`,
    `Clips of 3 to 5 s; one client sends ${jobs - few}, another one ${few} right after it. All were done after ${seconds.toFixed(0)} s. In the order of completion, a job was ${farthest} places at most from where it was in the order of sending.`,
    barTable(bars),
  ].join('\n\n');
}

/** What is left to do when all chunks of a long recording are done. */
export function mergeSection({
  seconds,
  growthBytes,
  hostGrowthBytes,
  words,
  speakers,
  hours,
  chunks,
}: Merge): string {
  return [
    `### Merging the chunks of ${hours.toFixed(1)} h`,
    `${chunks} chunks with ${words} words, read from the database of jobs; ${speakers} speakers found. Memory: the growth of the process that merges, highest; the one that links its voices grew by ${(hostGrowthBytes / 1e6).toFixed(0)} MB.`,
    barTable([
      { what: 'time', value: seconds, limit: { atMost: MERGE_SECONDS_AT_MOST }, unit: ' s' },
      {
        what: 'memory',
        value: growthBytes > 0 ? growthBytes / 1e6 : undefined,
        limit: { atMost: MERGE_MB_AT_MOST },
        unit: ' MB',
        digits: 0,
      },
    ]),
  ].join('\n\n');
}

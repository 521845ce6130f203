import { note } from '../report/progress.js';
import { createJob, type JobClient, jobEvents } from './client.js';

/** What became of many jobs that were sent at once. */
export type ManyJobs = {
  readonly jobs: number;
  readonly completed: number;
  /** Jobs with more than one final event, or none. */
  readonly notOnce: number;
  readonly seconds: number;
  readonly few: number;
  /** Jobs of the client who sent many that were completed between the first and the last of the client who sent few. */
  readonly manyMeanwhile: number;
  /** The farthest that a job of one client was overtaken or overtook in the order of completion. */
  readonly farthest: number;
};

type Ended = {
  readonly owner: 'many' | 'few';
  readonly sent: number;
  readonly at: number;
  readonly finals: string[];
};

const AT_ONCE = 64;

/**
 * One client sends four fifths of the jobs at once, a second one the rest right after it; then everybody waits.
 * @throws Error when a job is refused
 */
export async function measureMany(options: {
  readonly many: JobClient;
  readonly few: JobClient;
  readonly paths: readonly string[];
  readonly jobs: number;
}): Promise<ManyJobs> {
  const { many, few, paths, jobs } = options;
  const startedAt = performance.now();
  const fewCount = Math.round(jobs / 5);
  note(`jobs: sending ${jobs}`);
  const send = (client: JobClient, count: number) =>
    spread(count, async (index) =>
      createJob(client, { path: paths[index % paths.length] as string }),
    );
  const manyJobs = await send(many, jobs - fewCount);
  const fewJobs = await send(few, fewCount);
  note('jobs: waiting for all of them');
  const ended = (
    await Promise.all([watch(many, 'many', manyJobs), watch(few, 'few', fewJobs)])
  ).flat();
  const seconds = (performance.now() - startedAt) / 1000;
  const timesOfFew = ended.filter(({ owner }) => owner === 'few').map(({ at }) => at);
  const [first, last] = [Math.min(...timesOfFew), Math.max(...timesOfFew)];
  return {
    jobs,
    completed: ended.filter(({ finals }) => finals.includes('completed')).length,
    notOnce: ended.filter(({ finals }) => finals.length !== 1).length,
    seconds,
    few: fewCount,
    manyMeanwhile: ended.filter(({ owner, at }) => owner === 'many' && at >= first && at <= last)
      .length,
    farthest: Math.max(farthestOf(ended, 'many'), farthestOf(ended, 'few')),
  };
}

async function watch(
  client: JobClient,
  owner: Ended['owner'],
  jobs: readonly { readonly id: string }[],
): Promise<Ended[]> {
  return spread(jobs.length, async (sent) => {
    const events = await jobEvents(client, (jobs[sent] as { id: string }).id);
    const finals = events
      .filter(({ name }) => name === 'job.status')
      .map(({ data }) => String(data.status))
      .filter((status) => status !== 'pending' && status !== 'processing');
    return { owner, sent, at: Number(events.at(-1)?.data.at ?? Number.NaN), finals };
  });
}

/** How far the order of completion is from the order of sending, for one client. */
function farthestOf(ended: readonly Ended[], owner: Ended['owner']): number {
  const own = ended.filter((job) => job.owner === owner).sort((one, other) => one.at - other.at);
  return Math.max(0, ...own.map(({ sent }, place) => Math.abs(sent - place)));
}

/** Does so many things, a number of them at a time, and begins them in order. */
async function spread<Result>(
  count: number,
  work: (index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) results[index] = await work(index);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, worker));
  return results;
}

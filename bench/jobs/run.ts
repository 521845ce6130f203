import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeClips } from '../endurance/clips.js';
import { describeEnvironment } from '../report/environment.js';
import { loadReferences } from '../scoring/references.js';
import { openPipeline } from '../support/open-pipeline.js';
import { withServer } from '../support/server-process.js';
import { measureMany } from './measure-many.js';
import { measureMerge } from './measure-merge.js';
import { measureOverhead } from './measure-overhead.js';
import { manySection, mergeSection, overheadSection, reportJobs } from './report.js';

export const JOB_PARTS = ['overhead', 'many', 'merge'] as const;
export type JobPart = (typeof JOB_PARTS)[number];

const KEYS = { many: 'bench-key-of-the-one-with-many', few: 'bench-key-of-the-one-with-few' };

/** Prints what jobs cost: see `npm run bench -- jobs --help`. */
export async function runJobsBench(options: {
  jobs: number;
  hours: number;
  repetitions: number;
  only?: JobPart;
}): Promise<void> {
  const { jobs, hours, repetitions, only } = options;
  const environment = describeEnvironment();
  const folder = await mkdtemp(join(tmpdir(), 'whosaid-bench-'));
  const pipeline = await openPipeline();
  try {
    const clips = await writeClips({ decode: pipeline.decode, folder });
    const longest = loadReferences().references.at(-1);
    if (longest === undefined) throw new Error('There is no recording with a reference.');
    const parts: Record<JobPart, () => Promise<string>> = {
      overhead: () =>
        withServer({}, async ({ url }) =>
          overheadSection(await measureOverhead({ url, path: clips.minute, repetitions })),
        ),
      many: () =>
        withServer({ API_KEYS: Object.values(KEYS).join(',') }, async ({ url }) => {
          const many = { url, key: KEYS.many };
          const few = { url, key: KEYS.few };
          return manySection(await measureMany({ many, few, paths: clips.short, jobs }));
        }),
      merge: async () =>
        mergeSection(await measureMerge(pipeline, { path: longest.audio, hours, folder })),
    };
    const sections: string[] = [];
    for (const part of only ? [only] : JOB_PARTS) sections.push(await parts[part]());
    process.stdout.write(`${reportJobs(environment, sections)}\n`);
  } finally {
    await pipeline.close();
    await rm(folder, { recursive: true, force: true });
  }
}

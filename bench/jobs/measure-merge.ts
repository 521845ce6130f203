import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { openJobDatabase } from '#services/jobs/store/job-database.js';
import { silentLogger } from '#utils/logging/logger.js';
import { note } from '../report/progress.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import { makeChunks } from './made-chunks.js';

export type Merge = {
  readonly seconds: number;
  /** How much more memory the process has taken than before. */
  readonly growthBytes: number;
  /** The same for the process that links the voices. */
  readonly hostGrowthBytes: number;
  readonly words: number;
  readonly speakers: number;
  readonly hours: number;
  readonly chunks: number;
};

/** Merges what came of the chunks of a long recording, read from the database of jobs, in a process of its own. */
export async function measureMerge(
  pipeline: OpenPipeline,
  { path, hours, folder }: { path: string; hours: number; folder: string },
): Promise<Merge> {
  note(`jobs: making what comes of the chunks of ${hours} h`);
  const chunks = await makeChunks(pipeline, { path, hours });
  const databasePath = join(folder, 'merge.sqlite');
  const database = openJobDatabase({ path: databasePath, logger: silentLogger });
  const id = randomUUID();
  database.insert({
    id,
    createdAt: Date.now(),
    owner: 'anyone',
    fileName: 'made',
    folder,
    file: 'recording',
    bytes: 0,
    work: { model: pipeline.settings.model, recognition: {}, speakers: {} },
    rendering: {
      format: 'json',
      granularities: [],
      logprobs: false,
      speakerDetail: false,
      languages: false,
    },
  });
  for (const chunk of chunks) database.putChunk(id, chunk);
  database.close();
  note(`jobs: merging ${chunks.length} chunks`);
  const child = fork(join(projectRoot, 'dist', 'bench', 'jobs', 'merge-main.js'), [
    databasePath,
    id,
  ]);
  return new Promise((resolve, reject) => {
    child.once('message', (measured) => {
      resolve({ ...(measured as Omit<Merge, 'chunks'>), chunks: chunks.length });
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Merging ended with exit code ${code}.`)));
  });
}

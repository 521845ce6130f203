import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { JobPaths } from '#services/jobs/store/job-paths.js';
import { type JobPurge, openJobPurge, type SelectedJob } from '#services/jobs/store/job-purge.js';
import { removeSafely } from '#services/temp/remove-safely.js';
import { silentLogger } from '#utils/logging/logger.js';
import { jobSelection, type PurgeFlags } from './data-selection.js';
import { UsageError } from './report-failure.js';
import { say } from './say.js';

export type DataPurgeOptions = PurgeFlags & { readonly dryRun?: boolean; readonly yes?: boolean };

/** Deletes jobs with all that belongs to them. Throws UsageError and JobStoreError. */
export async function purgeData(paths: JobPaths, options: DataPurgeOptions): Promise<void> {
  const selection = jobSelection(options);
  const purge = openJobPurge({ path: paths.database, logger: silentLogger });
  try {
    const jobs = selection === undefined ? [] : purge.select(selection);
    const ids = jobs.map(({ id }) => id);
    if (selection !== undefined && 'id' in selection && jobs.length === 0) {
      // A process that was killed may have left the recording alone.
      if (!existsSync(join(paths.recordings, selection.id)))
        throw new UsageError(`There is no job ${selection.id}.`);
      ids.push(selection.id);
    }
    if (options.dryRun) {
      print([
        ...jobs.map(({ id, status }) => `${id}  ${status}`),
        `${sum(jobs)} would be deleted.`,
      ]);
      return;
    }
    if (!options.yes) await confirm(`Delete ${sum(jobs)} for good?`);
    const cached = await removeAll(ids, { purge, paths });
    print([
      `Deleted: ${sum(jobs)} (${cached} ${cached === 1 ? 'transcript' : 'transcripts'} in it).`,
    ]);
    wipe(purge, paths);
  } finally {
    purge.close();
  }
}

/** Rows first: the server notices by them that a job is gone. Gives how many transcripts the cache held. */
async function removeAll(
  ids: readonly string[],
  { purge, paths }: { purge: JobPurge; paths: JobPaths },
): Promise<number> {
  for (const id of ids) {
    purge.remove(id);
    const folder = join(paths.recordings, id);
    const code = await removeSafely(folder);
    if (code === undefined) continue;
    process.exitCode = 1;
    say(`${folder} could not be removed (${code}). Remove it, or start the server again: it does.`);
  }
  return purge.emptyCache();
}

/** Deleting does not yet mean that nothing can be found in the files. */
function wipe(purge: JobPurge, { database }: JobPaths): void {
  const again = `Traces of what was deleted may be left in ${database}. See that the disk has room for a copy of it, and run 'whosaid data purge --cache --yes', which wipes them, too.`;
  try {
    if (purge.wipe()) return;
  } catch (cause) {
    throw new UsageError(`${again} (${(cause as Error).message})`, { cause });
  }
  throw new UsageError(`${again} (Somebody was reading in it all the time.)`);
}

function sum(jobs: readonly SelectedJob[]): string {
  const open = jobs.filter(({ status }) => status === 'pending' || status === 'processing').length;
  const shown = jobs.length === 1 ? '1 job' : `${jobs.length} jobs`;
  return `${shown}${open > 0 ? ` (${open} not ended)` : ''} and the result cache`;
}

async function confirm(question: string): Promise<void> {
  if (!process.stdin.isTTY)
    throw new UsageError(`${question} Nobody can be asked here: add --yes if it is meant so.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `).finally(() => terminal.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new UsageError('Nothing was deleted.');
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

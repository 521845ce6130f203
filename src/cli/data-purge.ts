import { createInterface } from 'node:readline/promises';
import type { Settings } from '#config/settings.js';
import type { SelectedJob } from '#services/jobs/store/job-purge.js';
import { openPurgeTarget } from './data-purge-target.js';
import { jobSelection, type PurgeFlags } from './data-selection.js';
import { UsageError } from './report-failure.js';

export type DataPurgeOptions = PurgeFlags & { readonly dryRun?: boolean; readonly yes?: boolean };

/** Deletes jobs with all that belongs to them. Throws UsageError, SettingsError and JobStoreError. */
export async function purgeData(settings: Settings, options: DataPurgeOptions): Promise<void> {
  const selection = jobSelection(options);
  const target = await openPurgeTarget(settings);
  try {
    const jobs = selection === undefined ? [] : await target.select(selection);
    const ids = jobs.map(({ id }) => id);
    if (selection !== undefined && 'id' in selection && jobs.length === 0) {
      if (!(await target.hasFiles(selection.id)))
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
    for (const id of ids) await target.remove(id);
    const cached = await target.emptyCache();
    print([
      `Deleted: ${sum(jobs)} (${cached} ${cached === 1 ? 'transcript' : 'transcripts'} in it).`,
    ]);
    await target.wipe();
  } finally {
    await target.close();
  }
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

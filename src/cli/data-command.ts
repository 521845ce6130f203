import type { Command } from 'commander';
import type { Settings } from '#config/settings.js';
import type { DataBackupOptions } from './data-backup.js';
import type { DataPurgeOptions } from './data-purge.js';

/** Tells where jobs are; called only when one of the commands runs. */
export type GetSettings = () => Promise<Settings>;

/** `data backup | purge`: what the server keeps of jobs, while it runs or not. Failures are thrown. */
export function registerDataCommand(program: Command, getSettings: GetSettings): void {
  const data = program.command('data').description('copy or delete what is kept of jobs');
  registerBackup(data, getSettings);
  registerPurge(data, getSettings);
}

function registerBackup(data: Command, getSettings: GetSettings): void {
  data
    .command('backup')
    .description('copy the database of jobs, also while the server runs')
    .argument('<file>', 'where to; a file that is there already is not overwritten')
    .option('--with-recordings', 'copy recordings of unfinished jobs, too, into <file>.recordings')
    .addHelpText(
      'after',
      `
The copy holds all jobs with their events, transcripts, results of chunks and the result cache, of one moment; it was
checked when the command says so. Recordings of jobs that have not ended are files of their own. Stored voices,
settings and keys are not in it. Jobs that many machines share (QUEUE_URL) are not copied: it says how to.

To restore: stop the server, move away all files in DATA_DIR whose names begin with jobs.sqlite, put the copy there as
jobs.sqlite, and <file>.recordings, where there is one, in the place of the folder jobs.

Examples:
  whosaid data backup jobs-2026-11-22.sqlite
  whosaid data backup /backup/jobs.sqlite --with-recordings`,
    )
    .action(async (file: string, options: DataBackupOptions) => {
      const { backUpData } = await import('./data-backup.js');
      await backUpData(await getSettings(), file, options);
    });
}

function registerPurge(data: Command, getSettings: GetSettings): void {
  data
    .command('purge')
    .description('delete jobs for good, also while the server runs')
    .option('--job <id>', 'this job')
    .option(
      '--key <key>',
      "all jobs of a key: the key, its hash, or the first 12 characters of that; 'anyone': jobs made without one",
    )
    .option('--ended-before <date>', 'all jobs that ended before this day (UTC) or moment')
    .option('--cache', 'no jobs: only the result cache')
    .option('--dry-run', 'say what would be deleted')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Deletes recordings, transcripts, events and all else that belongs to the jobs, and empties the result cache each time,
as it does not tell whose transcripts it holds. A job that is being worked on is deleted, too. Then the database is
written anew, so that nothing is left of them in its files; the server waits meanwhile, about a second for 100 MB. Where
many machines share jobs (QUEUE_URL, BLOB_URL), they are deleted for all of them, and Redis writes its files anew.

A key that still lets in may make new jobs: take it out of API_KEYS or API_KEYS_FILE first. Copies that were made with
'data backup', and logs, are not touched.

Examples:
  whosaid data purge --job 0b7e6f3c-5d1e-4c59-9a55-3f2a8e5f7c10
  whosaid data purge --key 5c1f0e9a7b3d --dry-run
  whosaid data purge --ended-before 2026-11-01 --yes`,
    )
    .action(async (options: DataPurgeOptions) => {
      const { purgeData } = await import('./data-purge.js');
      await purgeData(await getSettings(), options);
    });
}

import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '#config/settings.js';
import { type BackupContents, backUp } from '#services/jobs/store/back-up.js';
import { type JobPaths, jobPaths } from '#services/jobs/store/job-paths.js';
import { formatMegabytes } from './progress.js';
import { UsageError } from './report-failure.js';

export type DataBackupOptions = {
  /** Recordings of unfinished jobs are copied into a folder beside the file. */
  readonly withRecordings?: boolean;
};

type Copies = { readonly file: string; readonly folder: string };

/** There is no one file of theirs, and both have means of their own. */
const SHARED =
  'With QUEUE_URL, jobs are kept in Redis and their recordings and transcripts in BLOB_URL. Copy both by their own means: Redis first (its append-only file, or a snapshot by BGSAVE), then the files. To restore, stop gateways and workers, and put back both.';

/** Each time a job ends while its recording is copied, the copy of the database is made again. */
const ROUNDS = 10;

/** Copies what is known about jobs, also while a server works. Throws UsageError and JobStoreError. */
export async function backUpData(
  { dataDir, queueUrl }: Settings,
  file: string,
  { withRecordings = false }: DataBackupOptions,
): Promise<void> {
  if (queueUrl !== null) throw new UsageError(SHARED);
  const paths = jobPaths(dataDir);
  const copies: Copies = { file, folder: `${file}.recordings` };
  for (const path of withRecordings ? [copies.file, copies.folder] : [copies.file])
    if (existsSync(path)) throw new UsageError(`${path} is there already: choose another name.`);
  const contents = await explained(file, () =>
    withRecordings ? copyAll(paths, copies) : backUp(paths.database, file),
  );
  process.stdout.write(`${summary(contents, copies, withRecordings)}\n`);
}

async function explained<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if ((cause as Error).name === 'JobStoreError') throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const remedy = 'Choose a file in a folder that exists and has room.';
    throw new UsageError(`${file} cannot be written (${code || message}). ${remedy}`, { cause });
  }
}

/** The database says which recordings are needed, and some of those are gone when they are to be copied. */
async function copyAll(paths: JobPaths, copies: Copies): Promise<BackupContents> {
  await mkdir(copies.folder, { mode: 0o700 });
  // Only what was made here is removed when something fails.
  const made = [copies.folder];
  try {
    for (let round = 1; ; round += 1) {
      const contents = await backUp(paths.database, copies.file);
      made.push(copies.file);
      const isWhole = await copyRecordings(contents, { paths, copies });
      if (isWhole || round === ROUNDS) {
        await removeOthers(contents, copies);
        return contents;
      }
      await rm(copies.file);
    }
  } catch (error) {
    for (const path of made) await rm(path, { recursive: true, force: true });
    throw error;
  }
}

/** False where one was not there any more. */
async function copyRecordings(
  { open }: BackupContents,
  { paths, copies }: { paths: JobPaths; copies: Copies },
): Promise<boolean> {
  let isWhole = true;
  for (const { id } of open) {
    const target = join(copies.folder, id);
    if (existsSync(target)) continue;
    try {
      await cp(join(paths.recordings, id), target, { recursive: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await rm(target, { recursive: true, force: true });
      isWhole = false;
    }
  }
  return isWhole;
}

/** Jobs that ended after their recording was copied. */
async function removeOthers({ open }: BackupContents, { folder }: Copies): Promise<void> {
  const needed = new Set(open.map(({ id }) => id));
  for (const name of await readdir(folder))
    if (!needed.has(name)) await rm(join(folder, name), { recursive: true, force: true });
}

function summary(
  { jobs, transcripts, open }: BackupContents,
  copies: Copies,
  all: boolean,
): string {
  const lines = [`${copies.file}: ${jobs} jobs with their events, ${transcripts} transcripts.`];
  const lost = open.filter(({ id }) => !(all && existsSync(join(copies.folder, id))));
  if (all)
    lines.push(`${copies.folder}: the recordings of ${open.length - lost.length} unfinished jobs.`);
  if (lost.length > 0)
    lines.push(
      `The recordings of ${lost.length} unfinished jobs (${megabytes(lost)}) are not in it, and without them these jobs fail.` +
        (all ? '' : ' --with-recordings copies them, too.'),
    );
  return lines.join('\n');
}

function megabytes(jobs: readonly { readonly bytes: number }[]): string {
  return formatMegabytes(jobs.reduce((total, { bytes }) => total + bytes, 0));
}

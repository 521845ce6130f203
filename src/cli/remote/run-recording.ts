import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ResponseFormat } from '#utils/formats/index.js';
import type { Row } from './board.js';
import type { Recording } from './find-recordings.js';
import { jobKey } from './job-key.js';
import type { OutputPaths } from './output-names.js';
import type { Fields } from './request-fields.js';
import { type RemoteJob, type ServerClient, ServerError } from './server-client.js';

export type RunRecordingOptions = {
  readonly recording: Recording;
  /** Absent: to stdout. */
  readonly paths: OutputPaths | undefined;
  readonly formats: readonly ResponseFormat[];
  readonly fields: Fields;
  /** What is finished is done again. */
  readonly isForced: boolean;
  readonly client: ServerClient;
  readonly row: Row;
  readonly signal: AbortSignal;
};

/** What came of a recording that did not fail. */
export type Finished =
  | { readonly status: 'skipped' }
  | { readonly status: 'completed'; readonly job: string; readonly duration?: number };

const FIRST_LOOK_MS = 200;
const LONGEST_LOOK_MS = 3000;

/**
 * Has a recording transcribed by the server and writes its transcripts, unless they are there and newer than it is.
 * Goes on with the job that an earlier run made of the same file. Rejects with ServerError, an error of a file, or
 * `signal.reason`; the job goes on then.
 */
export async function runRecording(options: RunRecordingOptions): Promise<Finished> {
  const { recording, paths, isForced, client } = options;
  const { size, mtimeMs } = await stat(recording.path);
  if (!isForced && paths !== undefined && (await areNewer(paths, mtimeMs))) {
    return { status: 'skipped' };
  }
  const { id, duration } = await ended(await findOrCreate(options, { size, mtimeMs }), options);
  const formats = paths === undefined ? options.formats : [...paths.keys()];
  for (const format of formats) {
    const body = await client.result(id, format);
    const text = body.endsWith('\n') ? body : `${body}\n`;
    const path = paths?.get(format);
    if (path === undefined) process.stdout.write(text);
    else await writeWhole(path, text);
  }
  return { status: 'completed', job: id, ...(typeof duration === 'number' && { duration }) };
}

async function areNewer(paths: OutputPaths, mtimeMs: number): Promise<boolean> {
  const infos = await Promise.all(
    [...paths.values()].map((path) => stat(path).catch(() => undefined)),
  );
  return infos.every((info) => info !== undefined && info.mtimeMs >= mtimeMs);
}

async function findOrCreate(
  { recording, fields, isForced, client, row }: RunRecordingOptions,
  version: { readonly size: number; readonly mtimeMs: number },
): Promise<RemoteJob> {
  const { path } = recording;
  const create = () =>
    client.create({
      path,
      size: version.size,
      fields,
      key: jobKey({ path, ...version, fields, isForced }),
      onSent: (bytes, total) => row.update({ share: 0, text: `sent ${percent(bytes / total)}` }),
      onWait: () => row.update({ share: 0, text: 'the server is busy or away' }),
    });
  const { job, isNew } = await create();
  if (isNew || (job.status !== 'failed' && job.status !== 'cancelled')) return job;
  // Whoever starts this again wants it tried again.
  await client.remove(job.id);
  return (await create()).job;
}

/** The job when it is completed. Rejects with ServerError when it ends otherwise. */
async function ended(
  first: RemoteJob,
  { client, row, signal }: RunRecordingOptions,
): Promise<RemoteJob> {
  let job = first;
  for (let waitMs = FIRST_LOOK_MS; ; waitMs = Math.min(waitMs * 1.5, LONGEST_LOOK_MS)) {
    if (job.status === 'completed') return job;
    if (job.status === 'cancelled') throw new ServerError('The job was cancelled.');
    if (job.status === 'failed') {
      const { message = 'The job failed.', code = null } = job.error ?? {};
      throw new ServerError(message, { code });
    }
    const { progress: share, position } = job;
    const text = job.status === 'pending' ? waiting(position) : percent(share);
    row.update({ share, text });
    await pause(waitMs, undefined, { signal });
    job = await client.job(job.id, () => row.update({ share, text: 'the server is busy or away' }));
  }
}

function waiting(position: number | null | undefined): string {
  return position ? `waits, number ${position}` : 'waits';
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}

/** A transcript that is there is whole, whatever happens. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(unfinished, text);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

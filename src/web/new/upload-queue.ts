import { computed, signal } from '@preact/signals';
import { ApiError } from '../api/api-error.js';
import type { Job } from '../api/types.js';
import { uploadJob } from '../api/upload.js';
import { jobsHaveChanged } from '../jobs/follow-jobs.js';
import { noteJob } from '../jobs/job-list-state.js';
import { keepRecording } from '../storage/recordings.js';
import { randomId } from './random-id.js';

/** A recording on its way to the server. */
export type Uploading = {
  /** Its own, until it is a job. */
  readonly id: string;
  readonly name: string;
  readonly file: Blob;
  readonly fields: Fields;
  readonly state: 'waiting' | 'sending' | 'retrying' | 'failed';
  readonly sentBytes: number;
  /** Bytes of the last seconds, for the speed. */
  readonly bytesPerSecond: number | undefined;
  /** Why it failed or is tried again. */
  readonly problem: string | undefined;
};

export type Fields = readonly (readonly [name: string, value: string])[];

/** Browsers open six connections to a server at most: the others are for what is asked meanwhile. */
const AT_ONCE = 2;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

/** In the order in which they were added. What has become a job is not in it any more. */
export const uploads = signal<readonly Uploading[]>([]);
export const isUploading = computed(() => uploads.value.some(({ state }) => state !== 'failed'));

/** Those that are being sent. */
const cancels = new Map<string, AbortController>();
/** What waits for each to become a job. */
const settles = new Map<string, (job: Job | undefined) => void>();

export type NewUpload = { readonly file: Blob; readonly name: string; readonly fields: Fields };

/** Adds recordings to the queue. Each resolves with its job, or with undefined where it is taken out. */
export function addUploads(added: readonly NewUpload[]): Promise<Job | undefined>[] {
  const items = added.map(
    (one): Uploading => ({
      ...one,
      id: randomId(),
      state: 'waiting',
      sentBytes: 0,
      bytesPerSecond: undefined,
      problem: undefined,
    }),
  );
  uploads.value = [...uploads.value, ...items];
  const made = items.map(
    ({ id }) => new Promise<Job | undefined>((resolve) => settles.set(id, resolve)),
  );
  sendWaiting();
  return made;
}

/** Takes a recording out of the queue, whatever becomes of it. */
export function cancelUpload(id: string): void {
  cancels.get(id)?.abort(new DOMException('cancelled', 'AbortError'));
  remove(id, undefined);
}

/** Sends one that failed once more. */
export function retryUpload(id: string): void {
  change(id, { state: 'waiting', sentBytes: 0, problem: undefined });
  sendWaiting();
}

/** Begins with those that wait, as many as may be sent at once. */
function sendWaiting(): void {
  for (const item of uploads.value) {
    if (cancels.size >= AT_ONCE) return;
    if (item.state === 'waiting' && !cancels.has(item.id)) void send(item);
  }
}

async function send(item: Uploading): Promise<void> {
  const cancel = new AbortController();
  cancels.set(item.id, cancel);
  // The same for all attempts: one whose answer got lost makes no second job.
  const idempotencyKey = item.id;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      change(item.id, { state: 'sending', sentBytes: 0, problem: undefined });
      const job = await uploadJob({
        ...item,
        idempotencyKey,
        onProgress: progressOf(item),
        signal: cancel.signal,
      });
      await finish(item, job);
      return;
    } catch (error) {
      if (cancel.signal.aborted) return;
      if (!(error instanceof ApiError)) throw error;
      if (!error.isTemporary) return fail(item.id, error.message);
      change(item.id, { state: 'retrying', problem: error.message });
      const waitMs = Math.max(pauseMs, 1000 * (error.retryAfterSeconds ?? 0));
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (cancel.signal.aborted) return;
    }
  }
}

async function finish({ id, name, file, fields }: Uploading, job: Job): Promise<void> {
  noteJob(job);
  remove(id, job);
  jobsHaveChanged();
  await keepRecording({ jobId: job.id, name, fields }, file);
}

function fail(id: string, problem: string): void {
  cancels.delete(id);
  change(id, { state: 'failed', problem });
  sendWaiting();
}

function remove(id: string, job: Job | undefined): void {
  cancels.delete(id);
  settles.get(id)?.(job);
  settles.delete(id);
  uploads.value = uploads.value.filter((item) => item.id !== id);
  sendWaiting();
}

function change(id: string, changes: Partial<Uploading>): void {
  uploads.value = uploads.value.map((item) => (item.id === id ? { ...item, ...changes } : item));
}

/** Tells of progress, with the mean speed since the first bytes. */
function progressOf({ id, file }: Uploading): (sent: number, total: number) => void {
  const startedMs = performance.now();
  return (sent, total) => {
    const seconds = (performance.now() - startedMs) / 1000;
    // The form around the file counts, too.
    const sentBytes = total > 0 ? Math.min(file.size, (sent / total) * file.size) : 0;
    change(id, { sentBytes, bytesPerSecond: seconds > 1 ? sentBytes / seconds : undefined });
  };
}

import { database, orElse, type RecordingInfo } from './database.js';

/** For all recordings together, unless the browser gives less. */
const MOST_BYTES = 2e9;
/** Of what the browser would give this page at most. */
const SHARE_OF_QUOTA = 0.4;

/** Keeps a recording for playing; older ones make room. Does nothing where there is no room for it at all. */
export async function keepRecording(
  about: Omit<RecordingInfo, 'savedAt' | 'bytes'>,
  content: Blob,
): Promise<void> {
  await orElse(async () => {
    const bytes = content.size;
    const limit = await roomForRecordings();
    if (bytes > limit) return;
    await forgetOldest(limit - bytes);
    const stores = (await database()).transaction(['recordings', 'contents'], 'readwrite');
    await Promise.all([
      stores.objectStore('contents').put(content, about.jobId),
      stores.objectStore('recordings').put({ ...about, bytes, savedAt: Date.now() }),
      stores.done,
    ]);
  }, undefined);
}

/** The recording of a job, if the browser still has it. */
export function findRecording(jobId: string): Promise<Blob | undefined> {
  return orElse(async () => (await database()).get('contents', jobId), undefined);
}

/** What is known of it. */
export function findRecordingInfo(jobId: string): Promise<RecordingInfo | undefined> {
  return orElse(async () => (await database()).get('recordings', jobId), undefined);
}

/** Forgets all that the browser keeps of a job. */
export async function forgetJob(jobId: string): Promise<void> {
  await orElse(async () => {
    const stores = (await database()).transaction(['recordings', 'contents', 'edits'], 'readwrite');
    await Promise.all([
      stores.objectStore('recordings').delete(jobId),
      stores.objectStore('contents').delete(jobId),
      stores.objectStore('edits').delete(jobId),
      stores.done,
    ]);
  }, undefined);
}

/** Until those that are left take at most so many bytes. */
async function forgetOldest(bytes: number): Promise<void> {
  const stores = (await database()).transaction(['recordings', 'contents'], 'readwrite');
  const oldestFirst = await stores.objectStore('recordings').index('savedAt').getAll();
  let left = oldestFirst.reduce((sum, one) => sum + one.bytes, 0);
  for (const one of oldestFirst) {
    if (left <= bytes) break;
    left -= one.bytes;
    await stores.objectStore('recordings').delete(one.jobId);
    await stores.objectStore('contents').delete(one.jobId);
  }
  await stores.done;
}

async function roomForRecordings(): Promise<number> {
  // Only pages of https:// and of this machine are told.
  const { quota } = (await navigator.storage?.estimate()) ?? {};
  return Math.min(MOST_BYTES, quota === undefined ? MOST_BYTES : quota * SHARE_OF_QUOTA);
}

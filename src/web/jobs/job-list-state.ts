import { computed, signal } from '@preact/signals';
import { listJobs } from '../api/jobs.js';
import { isServerGone } from '../api/server.js';
import type { Job } from '../api/types.js';
import { goTo, newLink, route } from '../route.js';
import { forgetJob } from '../storage/recordings.js';
import { announce } from '../ui/announce.js';
import { isActive } from './job-words.js';

/** The jobs of this key, newest first, as the server last told them; undefined until it has. */
export const jobs = signal<readonly Job[] | undefined>(undefined);
/** There are older ones than those. */
export const hasOlderJobs = signal(false);
/** Pages of the list that are shown. */
const pages = signal(1);

export const hasActiveJobs = computed(() => jobs.value?.some(isActive) ?? false);

export function jobOf(id: string): Job | undefined {
  return jobs.value?.find((job) => job.id === id);
}

/** Asks for the list. Rejects with an `ApiError`. */
export async function refreshJobs(): Promise<void> {
  const before = jobs.value ?? [];
  const list = await listJobs(pages.value);
  tellOfChanges(before, list.data);
  forgetMissing(before, { now: list.data, isAll: !list.has_more });
  jobs.value = list.data;
  hasOlderJobs.value = list.has_more;
}

export function showOlderJobs(): Promise<void> {
  pages.value += 1;
  return refreshJobs();
}

/** Takes in what is known of one job without asking for all. */
export function noteJob(job: Job): void {
  const others = (jobs.value ?? []).filter(({ id }) => id !== job.id);
  const at = others.findIndex(({ created_at }) => created_at < job.created_at);
  jobs.value = at < 0 ? [...others, job] : others.toSpliced(at, 0, job);
}

export function noteJobIsGone(id: string): void {
  jobs.value = jobs.value?.filter((job) => job.id !== id);
  void forgetJob(id);
}

/** Another key has other jobs. */
export function forgetJobs(): void {
  jobs.value = undefined;
  isServerGone.value = false;
}

/** For those who do not look at the list. */
function tellOfChanges(before: readonly Job[], now: readonly Job[]): void {
  for (const job of now) {
    const known = before.find(({ id }) => id === job.id);
    if (known === undefined || !isActive(known) || isActive(job)) continue;
    const open = route.value;
    const isOpen = open.page === 'job' && open.id === job.id;
    if (job.status === 'completed') {
      announce(`${job.file_name} is transcribed.`, isOpen ? 'spoken' : 'note');
    }
    if (job.status === 'failed') {
      announce(`${job.file_name} could not be transcribed. ${job.error?.message ?? ''}`, 'error');
    }
  }
}

/** Jobs that were there and are not any more: deleted in another window, by another program or for their age. */
function forgetMissing(
  before: readonly Job[],
  { now, isAll }: { readonly now: readonly Job[]; readonly isAll: boolean },
): void {
  const oldest = now.at(-1)?.created_at ?? 0;
  for (const job of before) {
    const isShown = isAll || job.created_at > oldest;
    if (!isShown || now.some(({ id }) => id === job.id)) continue;
    void forgetJob(job.id);
    const open = route.value;
    if (open.page !== 'job' || open.id !== job.id) continue;
    announce(
      `${job.file_name} is not there any more: it was deleted elsewhere, or its time was over.`,
    );
    goTo(newLink);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Blobs } from '#services/blobs/types.js';
import type { JobSelection, SelectedJob } from '../store/job-purge.js';
import { connect, untilReady } from './connect.js';
import { forgetJob } from './forget-job.js';
import { JobFiles } from './job-files.js';
import { JobState } from './job-state.js';
import { DEFAULT_PREFIX } from './keys.js';
import { JobQueues } from './queues.js';
import { forgetResults } from './shared-results.js';

export type SharedPurgeOptions = {
  /** QUEUE_URL. */
  readonly url: string;
  readonly blobs: Blobs;
  /** Of all names in Redis; default: `{whosaid}`. */
  readonly prefix?: string;
};

const CONNECT_MS = 5000;
/** Redis writes its files anew beside its work, about 100 MB in a second. */
const REWRITE_MS = 300_000;
const LOOK_MS = 100;
const ALL = -1;

/** Removes jobs that many machines share for good, also while these work on them. All may reject as Redis and files do. */
export class SharedPurge {
  readonly #client: Redis;
  readonly #options: SharedPurgeOptions & { readonly prefix: string };
  readonly #state: JobState;
  readonly #files: JobFiles;
  readonly #queues: JobQueues;

  constructor({ prefix = DEFAULT_PREFIX, ...options }: SharedPurgeOptions) {
    this.#options = { ...options, prefix };
    this.#client = connect({ url: options.url, kind: 'asking' });
    this.#state = new JobState({ client: this.#client, prefix });
    this.#files = new JobFiles(options.blobs);
    this.#queues = new JobQueues({ connection: this.#client, keys: this.#state.keys });
  }

  /** False: Redis does not answer. */
  async connect(): Promise<boolean> {
    await untilReady(this.#client, CONNECT_MS);
    return this.#client.status === 'ready';
  }

  /** Oldest first. */
  async select(selection: JobSelection): Promise<SelectedJob[]> {
    const found = await this.#state.read(await this.#ids(selection));
    return found.flatMap((job) => (job ? [{ id: job.id, status: job.status }] : []));
  }

  /** Whether there are files of a job, known or not. */
  hasFiles(id: string): Promise<boolean> {
    return this.#files.hasAny(id);
  }

  /** Whoever works on it is told, and waited for. */
  async remove(id: string): Promise<void> {
    await forgetJob(id, { state: this.#state, files: this.#files, queues: this.#queues });
  }

  /** Gives how many transcripts were in it. */
  emptyCache(): Promise<number> {
    return forgetResults({ ...this.#options, client: this.#client });
  }

  /**
   * Lets Redis write anew what it keeps on disk, where it keeps anything: what was removed is in there until then. False:
   * it has not done so yet. Rejects where it may not be asked.
   */
  async wipe(): Promise<boolean> {
    const client = this.#client;
    const isLogged = (await client.info('persistence')).includes('aof_enabled:1');
    if (isLogged) await client.bgrewriteaof();
    const [, saves] = (await client.config('GET', 'save')) as [string, string];
    if (saves) await client.bgsave('SCHEDULE');
    const deadlineMs = performance.now() + REWRITE_MS;
    while (performance.now() < deadlineMs) {
      const info = await client.info('persistence');
      if (!/(aof_rewrite_in_progress|aof_rewrite_scheduled|rdb_bgsave_in_progress):1/.test(info))
        return true;
      await pause(LOOK_MS);
    }
    return false;
  }

  async close(): Promise<void> {
    this.#client.disconnect();
    await this.#queues.close().catch(() => {});
  }

  async #ids(selection: JobSelection): Promise<string[]> {
    if ('id' in selection) return [selection.id];
    if ('endedBefore' in selection) return this.#state.endedBefore(selection.endedBefore, ALL);
    const { keys } = this.#state;
    const lists = selection.owners.map((owner) => this.#client.zrange(keys.of(owner), '0', '-1'));
    return (await Promise.all(lists)).flat();
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Blobs } from '#services/blobs/types.js';
import type { TranscriptCache } from '#services/transcription/transcribe-cached.js';
import type { Logger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import { decode, encode } from '../store/codec.js';
import { FORGET_RESULTS, KEEP_RESULT, USE_RESULT } from './result-scripts.js';
import { run } from './script.js';

export type SharedResultsOptions = {
  readonly client: Redis;
  readonly prefix: string;
  readonly blobs: Blobs;
  /** Room for all of them together. */
  readonly maxBytes: number;
  readonly logger: Logger;
};

/** Files are at `cache/<key>/transcript`: a folder each, because only folders can be removed from a bucket. */
const ALL = 'cache';
/** A transcript that is not there by then is made anew: nobody waits for a Redis or a bucket that is away. */
const PATIENCE_MS = 2000;

/**
 * Transcripts that are kept beyond their jobs and requests, for all gateways and workers: the files are among the shared
 * files, and Redis knows which there are and which of them were used last. Neither `get` nor `put` ever rejects.
 */
export class SharedResults implements TranscriptCache {
  readonly #options: SharedResultsOptions;

  constructor(options: SharedResultsOptions) {
    this.#options = options;
  }

  async get(key: string): Promise<Transcript | undefined> {
    return this.#inTime(async () => {
      if ((await this.#run(USE_RESULT, key)) === 0) return undefined;
      const bytes = await this.#options.blobs.getBytes(nameOf(key));
      return bytes && (decode(bytes) as Transcript);
    });
  }

  /** @param id Of the job that it is of: nothing is kept of one that was removed meanwhile. */
  async put(key: string, transcript: Transcript, id = ''): Promise<void> {
    const { blobs, maxBytes } = this.#options;
    await this.#inTime(async () => {
      const body = encode(transcript);
      if (body.length > maxBytes) return;
      await blobs.putBytes(nameOf(key), body);
      const gone = (await this.#run(KEEP_RESULT, key, body.length, maxBytes, id)) as string[];
      for (const each of gone) await blobs.removeAll(`${ALL}/${each}`);
    });
  }

  async #inTime<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
    const enough = new AbortController();
    const late = pause(PATIENCE_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    try {
      return await Promise.race([work(), late]);
    } catch (error) {
      this.#options.logger.warn('A kept transcript cannot be read or written', { error });
      return undefined;
    } finally {
      enough.abort();
    }
  }

  #run(...[script, ...values]: [Parameters<typeof run>[1], ...(string | number)[]]) {
    return run(this.#options, script, ...values);
  }
}

/** Undefined where none are to be kept. */
export function sharedResults({
  keepResults,
  ...options
}: Omit<SharedResultsOptions, 'maxBytes'> & {
  readonly keepResults?: { readonly maxBytes: number };
}): SharedResults | undefined {
  if (keepResults === undefined) return undefined;
  const { client, prefix, blobs, logger } = options;
  return new SharedResults({ client, prefix, blobs, logger, maxBytes: keepResults.maxBytes });
}

/** Files of transcripts that Redis does not know: it was started from an older state, or somebody was killed. */
export async function unknownResults({
  client,
  prefix,
  blobs,
}: Pick<SharedResultsOptions, 'client' | 'prefix' | 'blobs'>): Promise<string[]> {
  const unknown: string[] = [];
  for (const key of await blobs.list(ALL))
    if ((await client.zscore(`${prefix}:results`, key)) === null) unknown.push(`${ALL}/${key}`);
  return unknown;
}

/** Removes all, whoever's. @returns how many there were */
export async function forgetResults({
  client,
  prefix,
  blobs,
}: Pick<SharedResultsOptions, 'client' | 'prefix' | 'blobs'>): Promise<number> {
  const count = (await run({ client, prefix }, FORGET_RESULTS)) as number;
  await blobs.removeAll(ALL);
  return count;
}

function nameOf(key: string): string {
  return `${ALL}/${key}/transcript`;
}

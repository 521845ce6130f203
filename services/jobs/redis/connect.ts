import { Redis } from 'ioredis';
import type { Logger } from '#utils/logging/logger.js';

export type ConnectOptions = {
  /** `redis://…` or `rediss://…` */
  readonly url: string;
  /**
   * `asking`: somebody waits for the answer, so a server that is away or silent is an error at once. `working`: it is
   * waited for, however long it takes.
   */
  readonly kind: 'asking' | 'working';
  /** Said once when the server is away and once when it is back. */
  readonly onChange?: (isThere: boolean) => void;
};

/** Longer than any script takes, shorter than anybody waits for an answer. */
const COMMAND_TIMEOUT_MS = 5000;
const CONNECT_TIMEOUT_MS = 5000;
const MOST_PAUSE_MS = 1000;

const COMMON = {
  lazyConnect: true,
  connectTimeout: CONNECT_TIMEOUT_MS,
  retryStrategy: (times: number) => Math.min(100 * times, MOST_PAUSE_MS),
};

const KINDS = {
  asking: {
    enableOfflineQueue: false,
    // Whether a command was done whose answer got lost is for those to find out who asked.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_TIMEOUT_MS,
  },
  working: { maxRetriesPerRequest: null },
};

/** A connection that comes back by itself; nothing is connected before the first command or `connect`. */
export function connect({ url, kind, onChange }: ConnectOptions): Redis {
  const client = new Redis(url, { ...COMMON, ...KINDS[kind] });
  let isThere = true;
  const change = (now: boolean): void => {
    if (now !== isThere) onChange?.(now);
    isThere = now;
  };
  // Without a listener an error ends the process.
  client.on('error', () => change(false));
  client.on('ready', () => change(true));
  return client;
}

/** Resolves when the server is there, or after so long. */
export async function untilReady(client: Redis, mostMs: number): Promise<void> {
  if (client.status === 'wait') client.connect().catch(() => {});
  if (client.status === 'ready') return;
  let timer: NodeJS.Timeout | undefined;
  let settle = (): void => {};
  await new Promise<void>((resolve) => {
    settle = resolve;
    timer = setTimeout(resolve, mostMs);
    client.once('ready', resolve);
  });
  clearTimeout(timer);
  client.off('ready', settle);
}

/** Says in the log when Redis goes and comes. Where it is stays out of it: there may be a password in the address. */
export function tellsOfRedis(logger: Logger): (isThere: boolean) => void {
  return (isThere) => {
    if (isThere) logger.info('The queue of jobs is there again: they go on');
    else logger.warn('The queue of jobs cannot be reached: they wait until it is back');
  };
}

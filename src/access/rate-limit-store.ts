import {
  type ClientRateLimitInfo,
  MemoryStore,
  type Options,
  type Store,
} from 'express-rate-limit';
import { Redis } from 'ioredis';
import { RedisStore } from 'rate-limit-redis';
import type { Logger } from '#utils/logging/logger.js';

/** Counts of requests that several gateways share. */
export type SharedRateLimitStore = Store & {
  /** Resolves when Redis was reached or could not be; never rejects. */
  connected(): Promise<void>;
  /** Ends the connection. */
  close(): void;
};

export type SharedRateLimitStoreOptions = {
  /** `redis://…` */
  readonly url: string;
  readonly logger: Logger;
  /** For Redis to count one request. */
  readonly commandTimeoutMs: number;
};

const CONNECT_TIMEOUT_MS = 2000;
/** While Redis cannot be used it is tried again at most this often. */
const RETRY_PAUSE_MS = 1000;
const MAX_RECONNECT_PAUSE_MS = 5000;

/**
 * Counts in Redis. While that cannot be used, this process counts for itself: a limiter must neither take the gateway
 * down nor let everybody in. Said once in the log, and once when Redis is back.
 */
export function createSharedRateLimitStore(
  options: SharedRateLimitStoreOptions,
): SharedRateLimitStore {
  const { url, logger, commandTimeoutMs } = options;
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: commandTimeoutMs,
    // Commands fail at once instead of waiting for a connection.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 200, MAX_RECONNECT_PAUSE_MS),
  });
  // Every failed attempt to connect is told here; what matters is whether commands fail.
  client.on('error', () => {});
  const shared = new RedisStore({
    prefix: 'whosaid:rate:',
    sendCommand: async (command: string, ...args: string[]) =>
      (await client.call(command, ...args)) as never,
  });
  const own = new MemoryStore();
  let limits: Options | undefined;
  let ready: Promise<void> | undefined;
  let isDown = false;
  let retryAtMs = 0;

  const useShared = async <Result>(
    use: (store: RedisStore) => Promise<Result>,
  ): Promise<Result | undefined> => {
    if (isDown && performance.now() < retryAtMs) return undefined;
    try {
      // Its scripts are loaded anew after a failure: a promise of them that was rejected would stay so.
      ready ??= shared.init(limits as Options);
      await ready;
      const result = await use(shared);
      if (isDown) logger.info('Redis counts requests again');
      isDown = false;
      return result;
    } catch (error) {
      if (!isDown) {
        logger.warn('Redis cannot be used: until it can, this gateway counts requests for itself', {
          error,
        });
      }
      isDown = true;
      ready = undefined;
      retryAtMs = performance.now() + RETRY_PAUSE_MS;
      return undefined;
    }
  };

  return {
    localKeys: false,
    init(given) {
      limits = given;
      own.init(given);
    },
    async increment(key): Promise<ClientRateLimitInfo> {
      return (await useShared((store) => store.increment(key))) ?? own.increment(key);
    },
    async decrement(key) {
      await useShared((store) => store.decrement(key));
    },
    async resetKey(key) {
      await useShared((store) => store.resetKey(key));
    },
    async connected() {
      await client.connect().catch(() => {});
    },
    close() {
      own.shutdown();
      client.disconnect();
    },
  };
}

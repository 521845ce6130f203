import { hostname } from 'node:os';
import type { Settings } from '#config/settings.js';
import type { Logger } from '#utils/logging/logger.js';
import type { Timings } from '../timings.js';
import { createHostRules, type HostRules, isLoopback } from './host-rules.js';
import { createKeyRing, type KeyRing } from './key-ring.js';
import { createSharedRateLimitStore, type SharedRateLimitStore } from './rate-limit-store.js';

/** Who may use the server, and how much. */
export type Access = {
  readonly keys: KeyRing;
  readonly hostRules: HostRules;
  /** Where gateways count requests together; without it, this process counts for itself. */
  readonly rateLimitStore?: SharedRateLimitStore;
  /** Whether everybody who reaches this machine over the network may use the server. */
  readonly isExposed: boolean;
  /** Ends the connection to Redis, and looks at the file of keys no more. */
  close(): void;
};

export type AccessOptions = {
  readonly logger: Logger;
  readonly timings: Pick<Timings, 'redisCommandMs'>;
};

/** Keys shorter than this can be guessed by trying. */
const SAFE_KEY_CHARACTERS = 20;

/**
 * Makes what the settings say about access, and says in the log what an operator may not have meant.
 * @throws KeyFileError when the file of keys cannot be used
 */
export async function openAccess(settings: Settings, options: AccessOptions): Promise<Access> {
  const { logger, timings } = options;
  const keys = await createKeyRing({
    keys: settings.apiKeys,
    adminKeys: settings.adminKeys,
    file: settings.apiKeysFile,
    logger,
  });
  const isExposed = !keys.isRequired && !isLoopback(settings.host);
  warnAboutKeys(settings, { hasKeys: keys.isRequired, isExposed, logger });
  const { rateLimitRequests, queueUrl } = settings;
  const rateLimitStore =
    rateLimitRequests > 0 && queueUrl !== null
      ? createSharedRateLimitStore({
          url: queueUrl,
          logger,
          commandTimeoutMs: timings.redisCommandMs,
        })
      : undefined;
  return {
    keys,
    isExposed,
    hostRules: createHostRules({
      boundHost: settings.host,
      machineName: hostname(),
      allowedHosts: settings.allowedHosts,
      corsOrigins: settings.corsOrigins,
    }),
    ...(rateLimitStore && { rateLimitStore }),
    close() {
      keys.close();
      rateLimitStore?.close();
    },
  };
}

function warnAboutKeys(
  { host, apiKeys, adminKeys, corsOrigins }: Settings,
  { hasKeys, isExposed, logger }: { hasKeys: boolean; isExposed: boolean; logger: Logger },
): void {
  if (isExposed) {
    logger.warn(
      'ANYBODY who reaches this machine over the network can use this server: it listens beyond this machine and has no keys. Set API_KEYS, or HOST=127.0.0.1',
      { host },
    );
  }
  if ([...apiKeys, ...adminKeys].some((key) => key.length < SAFE_KEY_CHARACTERS)) {
    logger.warn(
      `A key in API_KEYS or ADMIN_KEYS is shorter than ${SAFE_KEY_CHARACTERS} characters and could be guessed; ./bin/whosaid keys new makes one that cannot`,
    );
  }
  if (corsOrigins.includes('*') && !hasKeys) {
    logger.warn('CORS_ORIGINS is *: every web page that a user of this server opens may use it');
  }
}

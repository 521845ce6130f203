import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger } from '#utils/logging/logger.js';
import { openKeyFile } from './key-file.js';

/** The keys that clients may send. */
export type KeyRing = {
  /** Whether a key is needed at all. */
  readonly isRequired: boolean;
  /** A short name of the key, to tell clients apart by, if it is one of ours. The key cannot be found from it. */
  idOf(key: string): string | undefined;
  /** Whether one of ours has this short name. */
  hasId(id: string): boolean;
  /** Whether there is any key that may fetch models. */
  readonly hasAdmins: boolean;
  /** Whether this one may. */
  isAdmin(key: string): boolean;
  /** The file of keys is looked at no more. */
  close(): void;
};

export type KeyRingOptions = {
  readonly keys: readonly string[];
  /** Those that may do more; they need not be among `keys`. Default: none. */
  readonly adminKeys?: readonly string[];
  /** Absolute path of a file of hashes; null for none. */
  readonly file: string | null;
  readonly logger: Logger;
};

const ID_CHARACTERS = 12;

/**
 * Keys are needed as soon as one was set, or a file for them, even an empty one; keys of
 * administrators alone leave the rest of the server open.
 * @throws KeyFileError when the file cannot be used
 */
export async function createKeyRing({
  keys,
  adminKeys = [],
  file,
  logger,
}: KeyRingOptions): Promise<KeyRing> {
  const fixed = keys.map(hashKey);
  const admins = adminKeys.map(hashKey);
  const keyFile = file === null ? undefined : await openKeyFile({ path: file, logger });
  const all = (): readonly Buffer[] => [...fixed, ...admins, ...(keyFile?.hashes() ?? [])];
  return {
    close: () => keyFile?.close(),
    isRequired: fixed.length > 0 || keyFile !== undefined,
    idOf(key) {
      const given = hashKey(key);
      return isAmong(given, all()) ? keyId(given) : undefined;
    },
    hasId: (id) => all().some((hash) => keyId(hash) === id),
    hasAdmins: admins.length > 0,
    isAdmin: (key) => isAmong(hashKey(key), admins),
  };
}

function isAmong(given: Buffer, hashes: readonly Buffer[]): boolean {
  let isKnown = false;
  // All are compared, and hashes at that: the time taken tells nothing about any of them.
  for (const hash of hashes) isKnown = timingSafeEqual(hash, given) || isKnown;
  return isKnown;
}

/** The short name of the key with this hash, by which its jobs are known. */
export function keyId(hash: Buffer): string {
  return hash.toString('hex').slice(0, ID_CHARACTERS);
}

/** The SHA-256 hash under which a key is kept. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

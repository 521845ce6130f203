import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger } from '#utils/logging/logger.js';
import { openKeyFile } from './key-file.js';

/** The keys that clients may send. */
export type KeyRing = {
  /** Whether a key is needed at all. */
  readonly isRequired: boolean;
  /** A short name of the key, to tell clients apart by, if it is one of ours. The key cannot be found from it. */
  idOf(key: string): string | undefined;
  /** The file of keys is looked at no more. */
  close(): void;
};

export type KeyRingOptions = {
  readonly keys: readonly string[];
  /** Absolute path of a file of hashes; null for none. */
  readonly file: string | null;
  readonly logger: Logger;
};

const ID_CHARACTERS = 12;

/**
 * Keys are needed as soon as one was set, or a file for them, even an empty one.
 * @throws KeyFileError when the file cannot be used
 */
export async function createKeyRing({ keys, file, logger }: KeyRingOptions): Promise<KeyRing> {
  const fixed = keys.map(hashKey);
  const keyFile = file === null ? undefined : await openKeyFile({ path: file, logger });
  return {
    close: () => keyFile?.close(),
    isRequired: fixed.length > 0 || keyFile !== undefined,
    idOf(key) {
      const given = hashKey(key);
      let isKnown = false;
      // All are compared, and hashes at that: the time taken tells nothing about any of them.
      for (const hash of [...fixed, ...(keyFile?.hashes() ?? [])]) {
        isKnown = timingSafeEqual(hash, given) || isKnown;
      }
      return isKnown ? keyId(given) : undefined;
    },
  };
}

/** The short name of the key with this hash, by which its jobs are known. */
export function keyId(hash: Buffer): string {
  return hash.toString('hex').slice(0, ID_CHARACTERS);
}

/** The SHA-256 hash under which a key is kept. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

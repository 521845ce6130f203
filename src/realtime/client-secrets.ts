import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { keepOnce } from '#services/files/keep-once.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { SessionSettings } from './session-settings.js';

/** What a client secret lets its bearer do: open sessions with these settings, in the name of who made it. */
export type SealedSession = {
  /** Short name of the key that made it; absent where none was needed. */
  readonly keyId?: string;
  /** Unix seconds. */
  readonly expiresAt: number;
  readonly settings: SessionSettings;
};

/**
 * Keys for browsers, which live for minutes. They hold what they stand for, encrypted and authenticated (AES-256-GCM):
 * nothing is kept, and every gateway with the same secret takes them. docs/decisions/realtime.md
 */
export type ClientSecrets = {
  /** Rejects with `client_secret_too_long`. */
  seal(session: SealedSession): Promise<string>;
  /** Rejects with `client_secret_wrong` for what was not made here, was changed, or has expired. */
  open(clientSecret: string): Promise<SealedSession>;
};

export type ClientSecretsOptions = {
  /** REALTIME_SECRET; null where it is not set. */
  readonly configured: string | null;
  readonly dataDir: string;
};

const PREFIX = 'ek_';
/** Goes along with what is sealed, so that another version does not misread it. */
const VERSION = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** They are sent in headers, which all servers and proxies limit. */
const MAX_SETTINGS_BYTES = 4000;
const FILE = 'realtime-secret';

/** Whether a key looks like one of these. */
export function isClientSecret(key: string): boolean {
  return key.startsWith(PREFIX);
}

export function createClientSecrets(options: ClientSecretsOptions): ClientSecrets {
  let known: Promise<Buffer> | undefined;
  const key = async (): Promise<Buffer> => {
    known ??= keyOf(options);
    // A disk that was full may have room again.
    known.catch(() => {
      known = undefined;
    });
    return known;
  };
  return {
    async seal(session) {
      const text = Buffer.from(JSON.stringify(session));
      if (text.length > MAX_SETTINGS_BYTES) {
        const params = { limit: MAX_SETTINGS_BYTES, received: text.length };
        throw new WhosaidError('client_secret_too_long', params);
      }
      return PREFIX + seal(text, await key()).toString('base64url');
    },
    async open(clientSecret) {
      const text = unseal(Buffer.from(clientSecret.slice(PREFIX.length), 'base64url'), await key());
      const session = text && (JSON.parse(text.toString('utf8')) as SealedSession);
      if (session && session.expiresAt * 1000 > Date.now()) return session;
      throw new WhosaidError('client_secret_wrong');
    },
  };
}

function seal(text: Buffer, key: Buffer): Buffer {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.of(VERSION));
  const sealed = Buffer.concat([cipher.update(text), cipher.final()]);
  return Buffer.concat([iv, sealed, cipher.getAuthTag()]);
}

/** Undefined for what was not sealed with this key. */
function unseal(bytes: Buffer, key: Buffer): Buffer | undefined {
  if (bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES));
    decipher.setAAD(Buffer.of(VERSION));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const sealed = bytes.subarray(IV_BYTES, -TAG_BYTES);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  } catch {
    return undefined;
  }
}

async function keyOf({ configured, dataDir }: ClientSecretsOptions): Promise<Buffer> {
  return createHash('sha256')
    .update(configured ?? (await keptSecret(dataDir)))
    .digest();
}

/** The one in DATA_DIR, which is made when it is first needed. */
async function keptSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE);
  const read = () => readFile(path, 'utf8').catch(ignoreMissing);
  const found = await read();
  if (found !== undefined) return found;
  await keepOnce(path, `${randomBytes(32).toString('base64')}\n`);
  return (await read()) ?? '';
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

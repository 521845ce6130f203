import { readFile, stat } from 'node:fs/promises';
import type { Logger } from '#utils/logging/logger.js';

/** The file of keys cannot be used at the start. `message` says why, without quoting the file. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

export type KeyFile = {
  /** SHA-256 hashes of the keys, as the file had them when it was last looked at. */
  hashes(): readonly Buffer[];
  /** The file is looked at no more. */
  close(): void;
};

export type KeyFileOptions = {
  /** Absolute path. */
  readonly path: string;
  readonly logger: Logger;
  /** Pause between two looks at the file. Default 1000. */
  readonly recheckMs?: number;
};

/**
 * Opens a file with one SHA-256 hash a line; what follows `#` is a comment. It is read again when it has changed, beside
 * the requests: none of them waits for a disk. Then good lines count even where others are wrong, and the last keys stay
 * while the file cannot be read: a slip of an operator locks nobody out, and is logged.
 * @throws KeyFileError when the file cannot be read or has a line that is no hash
 */
export async function openKeyFile(options: KeyFileOptions): Promise<KeyFile> {
  const { path, logger, recheckMs = 1000 } = options;
  let version = await versionOf(path);
  let { hashes, wrongLines } = await readHashes(path);
  if (wrongLines.length > 0) throw new KeyFileError(`it has no such hash in ${named(wrongLines)}`);
  let isReadable = true;
  let isLooking = false;

  const refresh = async (): Promise<void> => {
    const current = await versionOf(path);
    if (current === version && isReadable) return;
    ({ hashes, wrongLines } = await readHashes(path));
    version = current;
    isReadable = true;
    logger.info('API_KEYS_FILE was read again', { count: hashes.length });
    if (wrongLines.length > 0) {
      logger.error('API_KEYS_FILE has lines that are no SHA-256 hashes', { lines: wrongLines });
    }
  };
  const look = async (): Promise<void> => {
    // A disk that hangs is asked once.
    if (isLooking) return;
    isLooking = true;
    try {
      await refresh();
    } catch (error) {
      if (isReadable) logger.error('API_KEYS_FILE cannot be read: its last keys stay', { error });
      isReadable = false;
    } finally {
      isLooking = false;
    }
  };
  const timer = setInterval(look, recheckMs);
  timer.unref();
  return { hashes: () => hashes, close: () => clearInterval(timer) };
}

/** Something that changes when the file does. */
async function versionOf(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path).catch(unreadable);
  return `${mtimeMs} ${size} ${ino}`;
}

async function readHashes(path: string): Promise<{ hashes: Buffer[]; wrongLines: number[] }> {
  const text = await readFile(path, 'utf8').catch(unreadable);
  const hashes: Buffer[] = [];
  const wrongLines: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const hash = line.replace(/#.*$/s, '').trim();
    if (/^[0-9a-f]{64}$/i.test(hash)) hashes.push(Buffer.from(hash, 'hex'));
    else if (hash !== '') wrongLines.push(index + 1);
  }
  return { hashes, wrongLines };
}

function unreadable(error: NodeJS.ErrnoException): never {
  const { code, message } = error;
  throw new KeyFileError(`it cannot be read (${code ?? message})`, { cause: error });
}

function named(lines: readonly number[]): string {
  return `line ${lines.slice(0, 5).join(', ')}${lines.length > 5 ? ' and others' : ''}`;
}

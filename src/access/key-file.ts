import { readFileSync, statSync } from 'node:fs';
import type { Logger } from '#utils/logging/logger.js';

/** The file of keys cannot be used at the start. `message` says why, without quoting the file. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

export type KeyFile = {
  /** SHA-256 hashes of the keys, as the file has them now. */
  hashes(): readonly Buffer[];
};

export type KeyFileOptions = {
  /** Absolute path. */
  readonly path: string;
  readonly logger: Logger;
  /** The file is looked at again after this time at the earliest. Default 1000. */
  readonly recheckMs?: number;
};

/**
 * Opens a file with one SHA-256 hash a line; what follows `#` is a comment. It is read again when it has changed. Then
 * good lines count even where others are wrong, and the last keys stay while the file cannot be read: a slip of an
 * operator locks nobody out, and is logged.
 * @throws KeyFileError when the file cannot be read or has a line that is no hash
 */
export function openKeyFile(options: KeyFileOptions): KeyFile {
  const { path, logger, recheckMs = 1000 } = options;
  let version = versionOf(path);
  let { hashes, wrongLines } = readHashes(path);
  if (wrongLines.length > 0) throw new KeyFileError(`it has no such hash in ${named(wrongLines)}`);
  let checkedAtMs = performance.now();
  let isReadable = true;

  const refresh = (): void => {
    const current = versionOf(path);
    if (current === version && isReadable) return;
    ({ hashes, wrongLines } = readHashes(path));
    version = current;
    isReadable = true;
    logger.info('API_KEYS_FILE was read again', { count: hashes.length });
    if (wrongLines.length > 0) {
      logger.error('API_KEYS_FILE has lines that are no SHA-256 hashes', { lines: wrongLines });
    }
  };
  return {
    hashes() {
      const nowMs = performance.now();
      if (nowMs - checkedAtMs < recheckMs) return hashes;
      checkedAtMs = nowMs;
      try {
        refresh();
      } catch (error) {
        if (isReadable) logger.error('API_KEYS_FILE cannot be read: its last keys stay', { error });
        isReadable = false;
      }
      return hashes;
    },
  };
}

/** Something that changes when the file does. */
function versionOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    throw unreadable(error);
  }
}

function readHashes(path: string): { hashes: Buffer[]; wrongLines: number[] } {
  const hashes: Buffer[] = [];
  const wrongLines: number[] = [];
  for (const [index, line] of readText(path).split('\n').entries()) {
    const hash = line.replace(/#.*$/s, '').trim();
    if (/^[0-9a-f]{64}$/i.test(hash)) hashes.push(Buffer.from(hash, 'hex'));
    else if (hash !== '') wrongLines.push(index + 1);
  }
  return { hashes, wrongLines };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): KeyFileError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new KeyFileError(`it cannot be read (${code ?? message})`, { cause: error });
}

function named(lines: readonly number[]): string {
  return `line ${lines.slice(0, 5).join(', ')}${lines.length > 5 ? ' and others' : ''}`;
}

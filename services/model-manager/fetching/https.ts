import { open, rm, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import makeFetchHappen from 'make-fetch-happen';
import { type ForeignStream, toNodeStream } from './node-stream.js';
import type { NpmOptions } from './npm-options.js';

export type HttpsFetch = {
  readonly url: string;
  /** Part file: what is there already is continued. */
  readonly to: string;
  /** Exact size of the whole file; absent: as the server says. */
  readonly bytes?: number | undefined;
  /** Of npm's settings, those about the network are used: proxy, certificates, timeouts. */
  readonly npmOptions: NpmOptions;
  readonly signal?: AbortSignal | undefined;
  /** Called with the bytes on disk so far, resumed ones included, and how many there will be, where that is known. */
  readonly onBytes?: (receivedBytes: number, totalBytes?: number) => void;
  /** Attempts in a row that bring no new byte before giving up. Default 4. */
  readonly maxFruitlessAttempts?: number;
  /** Pause after the first fruitless attempt; doubles with each. Default 500. */
  readonly retryPauseMs?: number;
  /** A connection that brings nothing for so long is given up. Default 60,000. */
  readonly stallMs?: number;
};

/** An answer that another attempt would only repeat. */
export class HttpStatusError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the server answered ${status}`);
    this.status = status;
  }
}

/**
 * Downloads one file, continuing the part file with a Range request and after broken connections. When the server
 * ignores the range, the file is begun anew. Resolves with the whole file on disk; the caller checks the content.
 */
export async function fetchHttps(request: HttpsFetch): Promise<{ resumed: boolean }> {
  const { maxFruitlessAttempts = 4, retryPauseMs = 500, signal } = request;
  let have = await usablePart(request);
  const resumed = have > 0;
  let isWhole = have === request.bytes;
  for (let fruitless = 0; !isWhole; ) {
    signal?.throwIfAborted();
    try {
      await continueDownload(request, have);
      isWhole = true;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof TooLongError) await rm(request.to, { force: true });
      if (isFinal(error)) throw error;
      const now = await usablePart(request);
      fruitless = now > have ? 0 : fruitless + 1;
      if (fruitless >= maxFruitlessAttempts) throw error;
      await pause(
        retryPauseMs * 2 ** Math.max(0, fruitless - 1),
        undefined,
        signal ? { signal } : {},
      );
    }
    have = await usablePart(request);
  }
  return { resumed };
}

/** Bytes of the part file that can be continued; a file that is longer than it may be is removed. */
async function usablePart({ to, bytes }: HttpsFetch): Promise<number> {
  const size = (await stat(to).catch(() => undefined))?.size ?? 0;
  if (bytes === undefined || size <= bytes) return size;
  await rm(to, { force: true });
  return 0;
}

async function continueDownload(request: HttpsFetch, have: number): Promise<void> {
  const stalled = new AbortController();
  const { stallMs = 60_000 } = request;
  const timer = setTimeout(() => stalled.abort(new Error(`no data for ${stallMs} ms`)), stallMs);
  try {
    const signals = request.signal ? [request.signal, stalled.signal] : [stalled.signal];
    // The published types lack `signal`.
    const options = {
      ...networkOptions(request.npmOptions),
      headers: { 'accept-encoding': 'identity', ...(have > 0 && { range: `bytes=${have}-` }) },
      signal: AbortSignal.any(signals),
    };
    const response = await makeFetchHappen(
      request.url,
      options as unknown as makeFetchHappen.FetchOptions,
    );
    const from = await startOf(response, have, request);
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const bytes = request.bytes ?? (Number.isSafeInteger(length) ? from + length : undefined);
    const body = toNodeStream(response.body as ForeignStream);
    await append(body, from, { ...request, bytes }, timer);
  } catch (error) {
    // The library reports any abort in the same words; say which one it was.
    stalled.signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function networkOptions(npm: NpmOptions): Record<string, unknown> {
  return {
    ca: npm.ca,
    proxy: npm.httpsProxy ?? npm.proxy,
    noProxy: npm.noProxy,
    strictSSL: npm.strictSSL,
    localAddress: npm.localAddress,
    compress: false,
    retry: false,
    cache: 'no-store',
  };
}

/** Offset at which the response's body begins. Throws when there is no usable body. */
async function startOf(
  response: Awaited<ReturnType<typeof makeFetchHappen>>,
  have: number,
  { to }: HttpsFetch,
): Promise<number> {
  if (response.status === 200) return 0;
  const range = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '');
  if (response.status === 206 && range && Number(range[1]) === have) return have;
  response.body?.resume();
  if (response.status === 206 || response.status === 416) {
    // The part file does not fit what the server has: begin anew.
    await rm(to, { force: true });
    throw new Error('the server could not continue the download');
  }
  throw new HttpStatusError(response.status);
}

async function append(
  body: AsyncIterable<Buffer>,
  from: number,
  { to, bytes, onBytes }: HttpsFetch,
  timer: NodeJS.Timeout,
): Promise<void> {
  const file = await open(to, from === 0 ? 'w' : 'a');
  try {
    let have = from;
    for await (const chunk of body) {
      timer.refresh();
      have += chunk.length;
      if (bytes !== undefined && have > bytes) throw new TooLongError(bytes);
      await file.writeFile(chunk);
      onBytes?.(have, bytes);
    }
    if (bytes !== undefined && have < bytes)
      throw new Error(`the connection ended after ${have} of ${bytes} bytes`);
  } finally {
    await file.close();
  }
}

class TooLongError extends Error {
  constructor(bytes: number) {
    super(`the server sends more than the ${bytes} bytes expected`);
  }
}

function isFinal(error: unknown): boolean {
  if (error instanceof TooLongError) return true;
  if (error instanceof HttpStatusError)
    return error.status < 500 && error.status !== 408 && error.status !== 429;
  const { code } = error as NodeJS.ErrnoException;
  return ['ENOSPC', 'EDQUOT', 'EACCES', 'EPERM', 'EROFS'].includes(code ?? '');
}

import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { Deadline } from '#services/audio/deadline.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { createAddressGuard, ForbiddenAddressError, type Network } from './address-guard.js';
import { ask } from './ask.js';
import { failureWords } from './failure-words.js';
import { defaultFetchTimeouts, type FetchTimeouts } from './fetch-limits.js';
import { remoteFileName } from './remote-file-name.js';
import { saveBody } from './save-body.js';

export type FetchRecordingOptions = {
  /** As the client sent it. */
  readonly url: string;
  /** Folder that the file is written to, as `recording`. */
  readonly folder: string;
  readonly maxBytes: number;
  /** Whether it may come from this machine or a private network. */
  readonly allowPrivate: boolean;
  /** Ends it with its reason. */
  readonly signal: AbortSignal;
  /** Told how many bytes there are so far, before the last of them are written; may throw. */
  readonly takeRoom?: (bytes: number) => void;
  readonly timeouts?: Partial<FetchTimeouts>;
  readonly network?: Network;
};

export type FetchedRecording = {
  readonly path: string;
  readonly bytes: number;
  /** What its sender calls it. Never in a log. */
  readonly fileName: string;
};

/** Ends everything, with the error that is to be thrown. */
type Ending = AbortController;

const MAX_REDIRECTS = 5;

/** What writing says, without naming a file; opening one names it. */
const DISK_CODES = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS'];

/**
 * Fetches what an address leads to into a file. Every address on the way is judged anew. Rejects with `url_forbidden`,
 * `url_unreachable`, `upload_too_large`, what `takeRoom` throws, an error of the disk or `signal.reason`; then nothing is
 * left in the folder.
 */
export async function fetchRecording(options: FetchRecordingOptions): Promise<FetchedRecording> {
  const { folder, maxBytes, signal, takeRoom } = options;
  const timeouts = { ...defaultFetchTimeouts, ...options.timeouts };
  signal.throwIfAborted();
  const ending = new AbortController();
  const stop = () => ending.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  const total = endAfter(ending, timeouts.totalMs, 'it took too long altogether');
  try {
    const { response, url } = await follow(options, { ending, timeouts });
    refuseUnusable(response);
    const path = join(folder, 'recording');
    const pace = watchPace(ending, timeouts);
    const onBytes = (bytes: number): void => {
      pace.received(bytes);
      takeRoom?.(bytes);
    };
    try {
      const bytes = await saveBody({ response, path, maxBytes, onBytes });
      const fileName = remoteFileName(url, response.headers['content-disposition']);
      return { path, bytes, fileName };
    } finally {
      pace.stop();
    }
  } catch (error) {
    throw ending.signal.aborted ? ending.signal.reason : explained(error);
  } finally {
    total.stop();
    signal.removeEventListener('abort', stop);
    // Whatever is still open.
    ending.abort();
  }
}

/** Follows redirects by hand, to the answer that is none. */
async function follow(
  { url: start, allowPrivate, network }: FetchRecordingOptions,
  { ending, timeouts }: { readonly ending: Ending; readonly timeouts: FetchTimeouts },
): Promise<{ readonly response: IncomingMessage; readonly url: URL }> {
  const guard = createAddressGuard({ allowPrivate, network });
  let target = start;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const late = endAfter(ending, timeouts.answerMs, 'it did not answer in time');
    try {
      const url = guard.check(target);
      const response = await ask({
        url,
        guard,
        method: 'GET',
        headers: {},
        signal: ending.signal,
      });
      const location = locationOf(response);
      if (location === undefined) return { response, url };
      response.destroy();
      target = URL.canParse(location, url) ? new URL(location, url).href : location;
    } catch (error) {
      throw error instanceof ForbiddenAddressError ? forbidden(error, redirects > 0) : error;
    } finally {
      late.stop();
    }
  }
  throw unreachable(`it leads on more than ${MAX_REDIRECTS} times`);
}

function locationOf({ statusCode = 0, headers }: IncomingMessage): string | undefined {
  return [301, 302, 303, 307, 308].includes(statusCode) ? headers.location : undefined;
}

/** What is no recording. Its sender was asked for it as it is: what is compressed could unfold to any size. */
function refuseUnusable(response: IncomingMessage): void {
  const { statusCode, headers } = response;
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (statusCode !== 200) throw unreachable(`it answered with status ${statusCode}`);
  if (encoding !== '' && encoding !== 'identity') {
    throw unreachable('it was sent compressed although that was not asked for');
  }
}

/** Ends a transfer in which hardly anything comes. `received` is told how much there is. */
function watchPace(ending: Ending, { windowMs, leastBytes }: FetchTimeouts) {
  const window = endAfter(ending, windowMs, 'it sends too slowly');
  let counted = 0;
  return {
    received(bytes: number): void {
      if (bytes - counted < leastBytes) return;
      counted = bytes;
      window.start();
    },
    stop: () => window.stop(),
  };
}

function endAfter(ending: Ending, milliseconds: number, reason: string): Deadline {
  const deadline = new Deadline({
    milliseconds,
    onMissed: () => ending.abort(unreachable(reason)),
  });
  deadline.start();
  return deadline;
}

/** What the disk and `takeRoom` say stays as it is; all else is the connection's. */
function explained(error: unknown): unknown {
  if (error instanceof WhosaidError || isOfDisk(error)) return error;
  return unreachable(failureWords(error));
}

function isOfDisk(error: unknown): boolean {
  const { code = '', path } = error as NodeJS.ErrnoException;
  return path !== undefined || DISK_CODES.includes(code);
}

function forbidden({ what }: ForbiddenAddressError, isRedirected: boolean): WhosaidError {
  const reason = isRedirected ? `it leads on to one that ${what}` : `it ${what}`;
  return new WhosaidError('url_forbidden', { param: 'url', reason });
}

function unreachable(reason: string): WhosaidError {
  return new WhosaidError('url_unreachable', { reason });
}

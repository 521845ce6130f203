import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { MultipartBody } from './multipart-body.js';

export type ExchangeOptions = {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: OutgoingHttpHeaders;
  readonly body?: MultipartBody;
  /** Told how much of the body is on its way. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  readonly signal: AbortSignal;
};

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/** Servers that know nothing of `Expect` are sent the body after this time. */
const CONTINUE_MS = 3000;
/** A connection on which nothing moves. A server may need minutes to read what it was sent once more. */
const IDLE_MS = 300_000;

/**
 * One request and its answer, whatever its status. A body is sent when the server wants it: one that refuses says so
 * before. Rejects with the error of the connection or the file, or an AbortError.
 */
export async function exchange(options: ExchangeOptions): Promise<Answer> {
  const { url, method, headers, body, signal } = options;
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  const request = send(url, {
    method,
    signal,
    // One that the server closes in this moment would take the body with it.
    ...(body && { agent: false }),
    headers: {
      'user-agent': 'whosaid-cli',
      ...headers,
      ...(body && {
        'content-type': body.contentType,
        'content-length': body.bytes,
        expect: '100-continue',
      }),
    },
  });
  request.setTimeout(IDLE_MS, () => request.destroy(silence()));
  const answer = answerTo(request);
  if (body === undefined) {
    request.end();
    return answer;
  }
  // What goes wrong with the file is what has to be told: the connection only ends because of it.
  await Promise.race([answer, sendWhenWanted(request, { ...options, body })]);
  try {
    return await answer;
  } finally {
    // What was not sent is not wanted any more.
    request.destroy();
  }
}

async function answerTo(request: ClientRequest): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
    request.once('close', () => reject(silence()));
  });
  const { statusCode: status = 0, headers } = response;
  return { status, headers, text: (await buffer(response)).toString() };
}

/** Rejects when the file cannot be read. What goes wrong with the connection is told by its answer. */
async function sendWhenWanted(
  request: ClientRequest,
  { body, onSent, signal }: ExchangeOptions & { readonly body: MultipartBody },
): Promise<void> {
  if (!(await isWanted(request))) return;
  let failure: unknown;
  const counted = async function* () {
    let sent = 0;
    try {
      for await (const chunk of body.chunks()) {
        yield chunk;
        sent += chunk.length;
        onSent?.(sent);
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  };
  await pipeline(Readable.from(counted()), request, { signal }).catch(() => {});
  if (failure !== undefined) throw failure;
}

/** Whether the server waits for the body: it says so, or says nothing for a while. */
function isWanted(request: ClientRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), CONTINUE_MS);
    const settle = (wanted: boolean) => () => {
      clearTimeout(timer);
      resolve(wanted);
    };
    request.once('continue', settle(true));
    request.once('response', settle(false));
    request.once('close', settle(false));
    request.flushHeaders();
  });
}

function silence(): Error {
  return Object.assign(new Error('The connection ended without an answer.'), {
    code: 'ECONNRESET',
  });
}

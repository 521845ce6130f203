import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { multipart, type RawResponse, rawRequest } from './raw-http.js';

const BLOCK_BYTES = 100_000;

/**
 * Uploads half a gigabyte slowly, a block a millisecond, until an answer comes. `sentBytes` is how much had been sent by
 * then: little, where the body was not read.
 */
export async function uploadSlowly(
  url: string,
): Promise<{ readonly response: RawResponse; readonly sentBytes: number }> {
  let sentBytes = 0;
  const response = await rawRequest(url, {
    method: 'POST',
    headers: multipart([]).headers,
    body: (async function* () {
      for (; sentBytes < 500_000_000; sentBytes += BLOCK_BYTES) {
        yield Buffer.alloc(BLOCK_BYTES);
        await pause(1);
      }
    })(),
  });
  return { response, sentBytes };
}

export type HeldUpload = {
  readonly answer: Promise<RawResponse>;
  /** Sends the rest. */
  finish(): void;
  /** Ends the connection in the middle of the body. */
  leave(): void;
};

/** Uploads all but the last bytes of a body, and waits. */
export function holdUpload(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: Buffer },
): HeldUpload {
  const request = httpRequest(url, {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'content-length': body.length },
  });
  const answer = (async () => {
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const { statusCode = 0, headers } = response;
    return { status: statusCode, headers, body: await text(response) };
  })();
  answer.catch(() => {});
  request.on('error', () => {});
  request.write(body.subarray(0, -10));
  return {
    answer,
    finish: () => request.end(body.subarray(-10)),
    leave: () => request.destroy(),
  };
}

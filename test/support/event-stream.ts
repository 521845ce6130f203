import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

export type SentEvent = Record<string, unknown> & { readonly type?: string };

export type StreamedAnswer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Bytes as they came, a text for each read. */
  readonly reads: AsyncIterable<string>;
  /** Leaves without reading the rest. */
  leave(): void;
};

/** Posts a body and hands the answer out while it comes. */
export async function postForStream(
  url: string,
  { headers, body }: { headers: Record<string, string>; body: Buffer },
): Promise<StreamedAnswer> {
  const request = httpRequest(url, {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'content-length': body.length },
  });
  const answered = once(request, 'response');
  request.on('error', () => {});
  request.end(body);
  const [response] = (await answered) as [IncomingMessage];
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    reads: response.setEncoding('utf8'),
    leave: () => request.destroy(),
  };
}

/**
 * The events of a stream, which must be `data` alone: no names, no ids. A last frame `[DONE]` is left out; `isDone` says
 * whether it was there.
 */
export function parseStream(body: string): { events: SentEvent[]; isDone: boolean } {
  assert.ok(body.endsWith('\n\n'), 'the last frame is not closed');
  const frames = body.split('\n\n').slice(0, -1);
  const data = frames
    .filter((frame) => !frame.startsWith(':'))
    .map((frame) => {
      assert.match(frame, /^data: [^\n]+$/);
      return frame.slice('data: '.length);
    });
  const isDone = data.at(-1) === '[DONE]';
  return { events: data.slice(0, isDone ? -1 : undefined).map((text) => JSON.parse(text)), isDone };
}

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream/promises';

export type RawResponse = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type RawRequest = {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  /** Sent with `Content-Length`, or chunked if it is an iterable. */
  readonly body?: Buffer | AsyncIterable<Buffer>;
};

/** One request on a connection of its own, exactly as given: nothing is parsed, followed or retried. */
export async function rawRequest(url: string, options: RawRequest = {}): Promise<RawResponse> {
  const { method = 'GET', headers = {}, body } = options;
  const request = httpRequest(url, {
    method,
    agent: false,
    headers: { ...headers, ...(Buffer.isBuffer(body) && { 'content-length': body.length }) },
  });
  const answered = once(request, 'response');
  // An early answer may cut the sending short; the answer is what counts.
  request.on('error', () => {});
  const sent = send(request, body).catch(() => {});
  const [response] = await answered;
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  request.destroy();
  await sent;
  return { status: response.statusCode, headers: response.headers, body: text };
}

async function send(request: ClientRequest, body: RawRequest['body']): Promise<void> {
  if (body === undefined || Buffer.isBuffer(body)) request.end(body);
  else await pipeline(body, request);
}

export type Part = {
  readonly name: string;
  readonly value: string | Buffer;
  /** Further parameters of Content-Disposition as they stand in the header: `; filename="a.mp3"`. */
  readonly disposition?: string;
  readonly contentType?: string;
};

const BOUNDARY = '----whosaid-test-boundary';

/** A multipart body, written by hand so that it can be as odd as clients are. */
export function multipart(parts: readonly Part[]): {
  headers: Record<string, string>;
  body: Buffer;
} {
  const pieces = parts.flatMap(({ name, value, disposition = '', contentType }) => [
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${disposition}\r\n`,
    contentType === undefined ? '\r\n' : `Content-Type: ${contentType}\r\n\r\n`,
    value,
    '\r\n',
  ]);
  const body = Buffer.concat([...pieces, `--${BOUNDARY}--\r\n`].map((piece) => Buffer.from(piece)));
  return { headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }, body };
}

/** The part called `file` as SDKs send it. */
export function filePart(value: string | Buffer, fileName = 'audio.wav'): Part {
  return {
    name: 'file',
    value,
    disposition: `; filename="${fileName}"`,
    contentType: 'application/octet-stream',
  };
}

/** Text fields as parts. */
export function textParts(fields: Record<string, string>): Part[] {
  return Object.entries(fields).map(([name, value]) => ({ name, value }));
}

export type ExpectedError = {
  readonly status: number;
  readonly code: string | null;
  readonly param?: string | null;
  readonly type?: string;
  readonly message?: RegExp;
};

/** Asserts OpenAI's error shape, no key more or less, with the headers every answer has. */
export function assertError(response: RawResponse, expected: ExpectedError): void {
  assert.equal(response.status, expected.status, response.body);
  assert.match(response.headers['content-type'] ?? '', /^application\/json/);
  assert.ok(response.headers['x-request-id'], 'x-request-id is missing');
  const parsed = JSON.parse(response.body);
  assert.deepEqual(Object.keys(parsed), ['error']);
  const { message, ...rest } = parsed.error;
  assert.equal(typeof message, 'string');
  assert.doesNotMatch(message, /\{\w+\}/, 'a parameter of the message was not filled');
  assert.deepEqual(rest, {
    type: expected.type ?? 'invalid_request_error',
    param: expected.param ?? null,
    code: expected.code,
  });
  if (expected.message !== undefined) assert.match(message, expected.message);
}

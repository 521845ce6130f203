import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { MadeRecording } from './made-recording.js';

export type LongAnswer = {
  readonly status: number;
  readonly body: string;
  /** `performance.now()` when the upload began, when its last byte had been taken, and when the answer was there. */
  readonly sentFromMs: number;
  readonly sentMs: number;
  readonly answeredMs: number;
};

const BOUNDARY = 'whosaid-bench-2b0c1f';

/**
 * Posts a recording while it is made, with nothing of it on disk here, and waits for the answer for as long as it takes.
 * `onSent` is called when all of it is on its way. Rejects when the connection ends before the answer does.
 */
export async function postMadeRecording({
  url,
  recording,
  fields,
  signal,
  onSent = () => {},
}: {
  url: string;
  recording: Pick<MadeRecording, 'bytes' | 'wav'>;
  fields: readonly (readonly [name: string, value: string])[];
  /** Ends the connection. */
  signal?: AbortSignal;
  onSent?: () => void;
}): Promise<LongAnswer> {
  const before = Buffer.from(
    fields.map(([name, value]) => `${head(name)}\r\n${value}\r\n`).join('') +
      `${head('file', 'long.wav')}content-type: audio/wav\r\n\r\n`,
  );
  const after = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  const sentFromMs = performance.now();
  const request = httpRequest(`${url}/v1/audio/transcriptions`, {
    method: 'POST',
    agent: false,
    ...(signal && { signal }),
    headers: {
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'content-length': before.length + recording.bytes + after.length,
    },
  });
  const answer = readAnswer(request);
  answer.catch(() => {});
  const body = function* () {
    yield before;
    yield* recording.wav();
    yield after;
  };
  // A server may refuse before all is sent and close the connection: what it says counts.
  await pipeline(Readable.from(body()), request).catch(() => {});
  const sentMs = performance.now();
  onSent();
  return { ...(await answer), sentFromMs, sentMs };
}

async function readAnswer(request: ReturnType<typeof httpRequest>) {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const body = await text(response);
  return { status: response.statusCode ?? 0, body, answeredMs: performance.now() };
}

function head(name: string, fileName?: string): string {
  const file = fileName === undefined ? '' : `; filename="${fileName}"`;
  return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n`;
}

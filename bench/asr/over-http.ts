import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

/**
 * Sends a file to a running server and waits for the whole answer. Returns the milliseconds from the first byte sent
 * to the last byte read.
 * @throws Error with the server's answer when it is not a transcript.
 */
export async function transcribeOverHttp({
  url,
  path,
}: {
  url: string;
  path: string;
}): Promise<number> {
  const form = new FormData();
  form.set('file', await openAsBlob(path), basename(path));
  form.set('model', 'whisper-1');
  form.set('response_format', 'verbose_json');
  form.append('timestamp_granularities[]', 'word');
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body: form });
  const body = await response.text();
  const elapsedMs = performance.now() - startedAt;
  if (!response.ok)
    throw new Error(`The server answered ${response.status}: ${body.slice(0, 500)}`);
  return elapsedMs;
}

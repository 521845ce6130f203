import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';

export type Posted = {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
  /** Milliseconds from the first byte sent to the last byte read. */
  readonly elapsedMs: number;
  /** The same until the first piece of the body that holds this text; undefined where none does. */
  readonly firstMs?: number;
};

/** Sends a file to a running server as a client would and reads the whole answer, whatever its status. */
export async function postAudio(options: {
  readonly url: string;
  readonly path: string;
  readonly fields?: Readonly<Record<string, string>>;
  /** What the beginning of the answer is known by, for `firstMs`. */
  readonly firstText?: string;
}): Promise<Posted> {
  const { url, path, fields = {}, firstText } = options;
  const form = new FormData();
  form.set('file', await openAsBlob(path), basename(path));
  form.set('model', 'whisper-1');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/audio/transcriptions`, { method: 'POST', body: form });
  let body = '';
  let firstMs: number | undefined;
  const decoder = new TextDecoder();
  for await (const piece of response.body ?? []) {
    body += decoder.decode(piece as Uint8Array, { stream: true });
    if (firstText !== undefined && firstMs === undefined && body.includes(firstText))
      firstMs = performance.now() - startedAt;
  }
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body,
    elapsedMs: performance.now() - startedAt,
    ...(firstMs !== undefined && { firstMs }),
  };
}

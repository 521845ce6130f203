import { errorOfAnswer, noAnswer } from './api-error.js';
import { keyHeaders, noteKeyAnswer } from './api-key.js';

export type RequestOptions = {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** Address of a path of the API; relative to the page, so that it holds behind a proxy that adds a path. */
export function apiUrl(path: string): string {
  return new URL(`v1/${path}`, document.baseURI).href;
}

/** Asks the API. Rejects with an `ApiError`, or with the signal's reason. */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = 'GET', headers = {}, signal } = options;
  const response = await fetch(apiUrl(path), {
    method,
    headers: { accept: 'application/json', ...keyHeaders(), ...headers },
    cache: 'no-store',
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    throw signal?.aborted ? error : noAnswer();
  });
  noteKeyAnswer(response.status);
  if (response.ok) return response;
  throw errorOfAnswer({
    status: response.status,
    body: await response.text().catch(() => ''),
    retryAfter: response.headers.get('retry-after'),
  });
}

/** The same for an answer that is read as JSON. */
export async function requestJson<Answer>(path: string, options?: RequestOptions): Promise<Answer> {
  const response = await request(path, options);
  return (await response.json().catch(() => {
    // It broke off in the middle.
    throw noAnswer();
  })) as Answer;
}

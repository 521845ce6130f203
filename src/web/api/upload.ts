import { ApiError, errorOfAnswer, noAnswer } from './api-error.js';
import { keyHeaders, noteKeyAnswer } from './api-key.js';
import { apiUrl } from './request.js';
import type { Job } from './types.js';

export type Upload = {
  readonly file: Blob;
  readonly name: string;
  /** The other fields of the job, in their order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The same for each attempt, so that an answer that got lost makes no second job. */
  readonly idempotencyKey: string;
  /** Told how many of the bytes are on their way. */
  readonly onProgress: (sent: number, total: number) => void;
  readonly signal: AbortSignal;
};

/**
 * Sends a recording and makes a job of it. By XMLHttpRequest, since fetch does not tell how much of a body was sent.
 * Rejects with an `ApiError`, or with the signal's reason.
 */
export function uploadJob(upload: Upload): Promise<Job> {
  const { file, name, fields, idempotencyKey, onProgress, signal } = upload;
  const form = new FormData();
  for (const [field, value] of fields) form.append(field, value);
  form.append('file', file, name);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.onabort = () => reject(signal.reason);
    request.onerror = () => reject(noAnswer());
    request.onload = () => settle(request, { resolve, reject });
    request.onloadend = () => signal.removeEventListener('abort', abort);
    request.open('POST', apiUrl('audio/jobs'));
    const headers = { accept: 'application/json', 'idempotency-key': idempotencyKey };
    for (const [header, value] of Object.entries({ ...headers, ...keyHeaders() })) {
      request.setRequestHeader(header, value);
    }
    request.send(form);
  });
}

function settle(
  request: XMLHttpRequest,
  { resolve, reject }: { resolve: (job: Job) => void; reject: (error: ApiError) => void },
): void {
  const { status, responseText: body } = request;
  noteKeyAnswer(status);
  if (status < 200 || status > 299) {
    reject(errorOfAnswer({ status, body, retryAfter: request.getResponseHeader('retry-after') }));
    return;
  }
  try {
    resolve(JSON.parse(body) as Job);
  } catch {
    reject(new ApiError('The answer of the server cannot be read.', { status }));
  }
}

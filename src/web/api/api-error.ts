/** Why the API did not do what was asked, in words for the reader of the page. */
export class ApiError extends Error {
  /** HTTP status; 0 where there was no answer. */
  readonly status: number;
  /** When it is worth asking again, where the server said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    message: string,
    { status, retryAfterSeconds }: { readonly status: number; readonly retryAfterSeconds?: number },
  ) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The same may succeed later: nobody answered, or the server or a proxy before it has no room now. */
  get isTemporary(): boolean {
    return [0, 408, 425, 429, 502, 503, 504].includes(this.status);
  }
}

/** The server, or the way to it, is gone. */
export function noAnswer(): ApiError {
  return new ApiError('The server does not answer.', { status: 0 });
}

/** The error of an answer that is none of success. `body` is its text, which a proxy may have written. */
export function errorOfAnswer(answer: {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | null;
}): ApiError {
  const { status, body, retryAfter } = answer;
  const seconds = Number(retryAfter ?? Number.NaN);
  return new ApiError(messageIn(body) ?? `The server answered with the status ${status}.`, {
    status,
    ...(Number.isFinite(seconds) && { retryAfterSeconds: seconds }),
  });
}

function messageIn(body: string): string | undefined {
  try {
    const message: unknown = JSON.parse(body)?.error?.message;
    return typeof message === 'string' && message !== '' ? message : undefined;
  } catch {
    return undefined;
  }
}

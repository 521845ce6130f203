import { z } from 'zod';
import type { ResponseFormat } from '#utils/formats/index.js';
import { type Answer, exchange } from './exchange.js';
import { multipartBody } from './multipart-body.js';
import { type Patience, patiently } from './patience.js';
import type { Fields } from './request-fields.js';

/** The server, or the connection to it, says no. `message` is for people. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
  /** The API's `error.code`, where there is one. */
  readonly code: string | null;
  /** HTTP status, where there was an answer. */
  readonly status: number | undefined;

  constructor(
    message: string,
    about: {
      readonly code?: string | null;
      readonly status?: number;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: about.cause });
    this.code = about.code ?? null;
    this.status = about.status;
  }
}

const errorBody = z.object({
  error: z.object({ message: z.string(), code: z.string().nullish() }),
});

const jobBody = z.object({
  id: z.string().regex(/^[\w-]+$/),
  status: z.enum(['pending', 'processing', 'completed', 'failed', 'cancelled']),
  progress: z.number(),
  position: z.number().nullish(),
  duration: z.number().nullish(),
  error: errorBody.shape.error.nullish(),
});

/** A job as the server tells of it. */
export type RemoteJob = z.output<typeof jobBody>;

export type NewRemoteJob = {
  readonly path: string;
  readonly size: number;
  readonly fields: Fields;
  /** Idempotency-Key. */
  readonly key: string;
  /** Told how much is on its way, in bytes of `total`. */
  readonly onSent?: (bytes: number, total: number) => void;
  /** Called when the server is busy or away and is asked again later. */
  readonly onWait?: () => void;
};

/** The jobs of a server over HTTP. All reject with ServerError, an error of the file, or `signal.reason`. */
export type ServerClient = {
  /** Whether there is a server that lets us in; asks once. */
  check(): Promise<void>;
  /** `isNew` is false where the same was sent before. */
  create(job: NewRemoteJob): Promise<{ readonly job: RemoteJob; readonly isNew: boolean }>;
  job(id: string, onWait?: () => void): Promise<RemoteJob>;
  result(id: string, format: ResponseFormat): Promise<string>;
  remove(id: string): Promise<void>;
};

export type ServerClientOptions = {
  /** Without a slash at its end. */
  readonly server: string;
  readonly apiKey: string | undefined;
  readonly patience?: Patience;
  readonly signal: AbortSignal;
};

const JOBS = '/v1/audio/jobs';

export function createServerClient(options: ServerClientOptions): ServerClient {
  const { server, apiKey, signal, patience } = options;
  const authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  const send = (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    about: Partial<Parameters<typeof exchange>[0]> = {},
  ) => {
    const headers = { ...authorization, ...about.headers };
    return exchange({ ...about, url: `${server}${path}`, method, headers, signal });
  };
  const ask = async (work: () => Promise<Answer>, onWait?: () => void): Promise<Answer> =>
    accepted(await patiently(work, { ...patience, signal, onWait }).catch(explain(options)));

  return {
    async check() {
      accepted(await send('GET', `${JOBS}?limit=1`).catch(explain(options)));
    },
    async create({ path, size, fields, key, onSent, onWait }) {
      const answer = await ask(() => {
        const body = multipartBody({ fields, path, size });
        return send('POST', JOBS, {
          headers: { 'idempotency-key': key },
          body,
          onSent: (bytes) => onSent?.(bytes, body.bytes),
        });
      }, onWait);
      return { job: parsed(answer), isNew: answer.status === 202 };
    },
    job: async (id, onWait) => parsed(await ask(() => send('GET', `${JOBS}/${id}`), onWait)),
    async result(id, format) {
      const query = new URLSearchParams({ response_format: format });
      if (format === 'verbose_json') {
        for (const each of ['word', 'segment']) query.append('timestamp_granularities[]', each);
      }
      return (await ask(() => send('GET', `${JOBS}/${id}/result?${query}`))).text;
    },
    async remove(id) {
      await ask(() => send('DELETE', `${JOBS}/${id}`));
    },
  };
}

/** Throws ServerError for an answer that is an error. */
function accepted(answer: Answer): Answer {
  const { status, text } = answer;
  if (status >= 200 && status < 300) return answer;
  const body = errorBody.safeParse(json(text));
  if (!body.success)
    throw new ServerError(`The server answered with status ${status}.`, { status });
  const { message, code = null } = body.data.error;
  throw new ServerError(message, { code, status });
}

function parsed({ text, status }: Answer): RemoteJob {
  const job = jobBody.safeParse(json(text));
  if (job.success) return job.data;
  throw new ServerError('The server does not answer as one that has jobs.', { status });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Says of a connection that failed where it was to lead; all else stays as it is. */
function explain({ server, signal }: ServerClientOptions) {
  return (error: NodeJS.ErrnoException): never => {
    signal.throwIfAborted();
    const { code, path, syscall } = error;
    const isOfFile = code === undefined || path !== undefined || syscall === 'read';
    if (isOfFile && syscall !== 'connect') throw error;
    throw new ServerError(`${server} cannot be reached (${code}).`, { cause: error });
  };
}

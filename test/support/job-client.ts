import assert from 'node:assert/strict';
import { until } from './start-server.js';

/** What tests read of a job as it is answered. */
export type AnsweredJob = {
  readonly id: string;
  readonly status: string;
  readonly progress: number;
  readonly position: number | null;
  readonly completed_at: number | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly batch_id: string | null;
  readonly links: { readonly self: string; readonly result: string; readonly events: string };
  readonly [name: string]: unknown;
};

export type JobClient = ReturnType<typeof jobClient>;

type Fields = Readonly<Record<string, string | readonly string[]>>;
type Headers = Readonly<Record<string, string>>;

/** A client of `/v1/audio/jobs`; `headers` go with everything it sends. */
export function jobClient(serverUrl: string, headers: Headers = {}) {
  const base = `${serverUrl}/v1/audio/jobs`;
  const send = (path: string, init: RequestInit = {}) =>
    fetch(base + path, { ...init, headers: { ...headers, ...init.headers } });
  const post = (path: string, body: FormData, more: Headers = {}) =>
    send(path, { method: 'POST', body, headers: more });
  const read = async (path: string) => accepted(await send(path));
  const get = (id: string): Promise<AnsweredJob> => read(`/${id}`);
  return {
    send,
    post,
    read,
    get,
    /** A job of a recording, with the default model. */
    create: async (audio: Buffer, fields: Fields = {}, more: Headers = {}): Promise<AnsweredJob> =>
      accepted(await post('', formOf({ file: [audio] }, fields), more)),
    createBatch: async (audios: readonly Buffer[], fields: Fields = {}, more: Headers = {}) =>
      accepted(await post('/batch', formOf({ 'file[]': audios }, fields), more)),
    cancel: (id: string) => send(`/${id}/cancel`, { method: 'POST' }),
    remove: (id: string) => send(`/${id}`, { method: 'DELETE' }),
    result: (id: string, query = '') => send(`/${id}/result${query}`),
    /** The job when it has ended; fails after three minutes. */
    async ended(id: string): Promise<AnsweredJob> {
      let job = await get(id);
      const isOver = async () => {
        job = await get(id);
        return job.completed_at !== null;
      };
      await until(isOver, 'the job has not ended', { seconds: 180 });
      return job;
    },
  };
}

/** A form with these recordings and fields; `model` is the default one unless there is another. */
export function formOf(
  files: Readonly<Record<string, readonly Buffer[]>>,
  fields: Fields = {},
): FormData {
  const body = new FormData();
  for (const [name, audios] of Object.entries(files)) {
    for (const [index, audio] of audios.entries()) {
      body.append(name, new Blob([new Uint8Array(audio)]), `talk-${index}.wav`);
    }
  }
  for (const [name, value] of Object.entries({ model: 'whisper-1', ...fields })) {
    for (const item of [value].flat()) body.append(name, item);
  }
  return body;
}

async function accepted(response: Response) {
  const body = await response.text();
  assert.ok(response.ok, `${response.status} ${body}`);
  return JSON.parse(body);
}

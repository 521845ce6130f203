import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

/** One event of a job, as it came. */
export type SentJobEvent = {
  /** Its number; undefined where it has none. */
  readonly id: number | undefined;
  readonly name: string | undefined;
  readonly data: Record<string, unknown> & { readonly type?: string; readonly status?: string };
};

export type Listener = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** What has come so far. */
  events(): readonly SentJobEvent[];
  /** Resolves when the server has ended the stream; rejects when it broke off. */
  readonly ended: Promise<void>;
  leave(): void;
};

/** Listens to a stream of events with names and numbers, on a connection of its own. */
export async function listenTo(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Listener> {
  const request = httpRequest(url, { agent: false, headers });
  const answered = once(request, 'response');
  request.on('error', () => {});
  request.end();
  const [response] = (await answered) as [IncomingMessage];
  let body = '';
  const ended = (async () => {
    for await (const read of response.setEncoding('utf8')) body += read;
  })();
  ended.catch(() => {});
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events: () => framesOf(body).map(readFrame),
    ended,
    leave: () => request.destroy(),
  };
}

/** Whole frames, without comments. */
function framesOf(body: string): string[] {
  return body
    .split('\n\n')
    .slice(0, -1)
    .filter((frame) => !frame.startsWith(':'));
}

function readFrame(frame: string): SentJobEvent {
  const fields = new Map(
    frame.split('\n').map((line) => {
      const [, name = '', value = ''] = /^(\w+): (.*)$/.exec(line) ?? [];
      return [name, value] as const;
    }),
  );
  const id = fields.get('id');
  return {
    id: id === undefined ? undefined : Number(id),
    name: fields.get('event'),
    data: JSON.parse(fields.get('data') ?? 'null'),
  };
}

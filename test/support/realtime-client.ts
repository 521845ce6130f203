import { once } from 'node:events';
import { WebSocket } from 'ws';
import { until } from './start-server.js';

/** An event of the server as it came. */
// biome-ignore lint/suspicious/noExplicitAny: events are read as a client in JavaScript reads them
export type Told = { readonly type: string; readonly [field: string]: any };

export type RealtimeClient = {
  readonly socket: WebSocket;
  /** All events so far, in order. */
  readonly events: readonly Told[];
  send(event: object): void;
  /** Sends sound of 24 kHz (or what the session was told), in pieces of so many bytes. */
  sendSound(bytes: Buffer, pieceBytes?: number): void;
  /** The next event of a type that was not asked for before; fails after half a minute. */
  next(type: string): Promise<Told>;
  /** All events of a type so far. */
  all(type: string): readonly Told[];
  /** How the socket was closed; fails after half a minute. */
  closed(): Promise<{ readonly code: number; readonly reason: string }>;
  close(): Promise<void>;
};

export type ConnectOptions = {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
};

/** A client that speaks for itself, without an SDK. Resolves when the socket is open; rejects when it is refused. */
export async function connectRealtime(
  serverUrl: string,
  { path = '/v1/realtime?intent=transcription', headers = {}, protocols = [] }: ConnectOptions = {},
): Promise<RealtimeClient> {
  const url = serverUrl.replace(/^http/, 'ws') + path;
  const socket = new WebSocket(url, [...protocols], { headers: { ...headers } });
  const events: Told[] = [];
  const taken = new Set<Told>();
  let closing: { code: number; reason: string } | undefined;
  socket.on('message', (data) => events.push(JSON.parse(String(data))));
  socket.on('close', (code, reason) => {
    closing = { code, reason: String(reason) };
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  const client: RealtimeClient = {
    socket,
    events,
    send: (event) => socket.send(JSON.stringify(event)),
    sendSound(bytes, pieceBytes = 4800) {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const audio = bytes.subarray(at, at + pieceBytes).toString('base64');
        client.send({ type: 'input_audio_buffer.append', audio });
      }
    },
    async next(type) {
      let found: Told | undefined;
      await until(
        () => {
          found = events.find((event) => event.type === type && !taken.has(event));
          return found !== undefined;
        },
        `no further ${type} came, but ${JSON.stringify(events.map((event) => event.type))}`,
      );
      taken.add(found as Told);
      return found as Told;
    },
    all: (type) => events.filter((event) => event.type === type),
    async closed() {
      await until(() => closing !== undefined, 'the socket is open');
      return closing as { code: number; reason: string };
    },
    async close() {
      socket.close();
      await client.closed();
    },
  };
  return client;
}

/** Samples of 16 kHz as bytes of another rate, by the straightest line: tests of rates have their own ears. */
export function soundAt(rate: number, samples: Int16Array): Buffer {
  const count = Math.floor((samples.length * rate) / 16_000);
  const bytes = Buffer.alloc(2 * count);
  for (let index = 0; index < count; index++) {
    const position = (index * 16_000) / rate;
    const at = Math.floor(position);
    const [one = 0, other = one] = [samples[at], samples[at + 1]];
    bytes.writeInt16LE(Math.round(one + (other - one) * (position - at)), 2 * index);
  }
  return bytes;
}

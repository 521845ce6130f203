import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';

/** What a file that is obeyed would give away: a file of the server, and an address that it can reach. */
export type Canary = {
  /** Absolute path of a recording. */
  readonly path: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
};

export type WatchedCanary = Canary & {
  /** Whether the file was read (undefined where the system does not note it), and how often the address was called. */
  touched(): Promise<{ readonly wasRead: boolean | undefined; readonly calls: number }>;
  close(): Promise<void>;
};

/** Long before the file was written: then the next read is noted even where most are not (`relatime`). */
const LONG_AGO_SECONDS = 1_000_000_000;

/** A recording at `path` and a port, which tell whether anybody came near them. */
export async function watchedCanary(path: string, recording: Buffer): Promise<WatchedCanary> {
  await writeFile(path, recording);
  const rest = (): Promise<void> => utimes(path, LONG_AGO_SECONDS, Date.now() / 1000);
  const wasRead = async (): Promise<boolean> =>
    (await stat(path)).atimeMs !== LONG_AGO_SECONDS * 1000;
  await rest();
  await readFile(path);
  const readsAreNoted = await wasRead();
  await rest();
  let calls = 0;
  const server = createServer((socket) => {
    calls += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4', () => {
    calls += 1;
  });
  datagrams.bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
  return {
    path,
    port,
    touched: async () => ({ wasRead: readsAreNoted ? await wasRead() : undefined, calls }),
    async close() {
      datagrams.close();
      server.close();
      await once(server, 'close');
    },
  };
}

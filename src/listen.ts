import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The server cannot listen where the settings say. `message` says what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

export type ListenOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
};

/** Resolves when the server accepts connections. Rejects with `ListenError`. */
export function listen(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void =>
      reject(new ListenError(listenProblem(error, { host, port }), { cause: error }));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function listenProblem(
  { code, message }: NodeJS.ErrnoException,
  { host, port }: ListenOptions,
): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is already in use. Stop the program that uses it, or set PORT to another one (PORT=0 takes a free one).`;
  }
  if (code === 'EACCES') {
    return `Listening on port ${port} is not allowed. Set PORT to one above 1023.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `HOST ${host} is no address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 to be reachable from others.`;
  }
  return `Listening on port ${port} of ${host} failed: ${message}`;
}

/** Where clients on this machine find a server that listens. */
export function urlOf(server: Server, host: string): string {
  const { port, family } = server.address() as AddressInfo;
  // "Every address" is nothing a client can connect to.
  const named = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return family === 'IPv6' && named.includes(':')
    ? `http://[${named}]:${port}`
    : `http://${named}:${port}`;
}

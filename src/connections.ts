import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export type Connections = {
  /** Closes what no request uses, now, and every other connection as soon as its request is answered. */
  closeUnused(): void;
};

/**
 * Knows which connections of a server are in use. Node's own `closeIdleConnections` spares those on which no request
 * has come yet, and clients and browsers open such connections ahead: they would hold up the end of the server.
 */
export function trackConnections(server: Server): Connections {
  const requestsOn = new Map<Socket, number>();
  let closing = false;
  const change = (socket: Socket, by: number): void => {
    const count = (requestsOn.get(socket) ?? 0) + by;
    requestsOn.set(socket, count);
    if (closing && count === 0) socket.destroySoon();
  };
  server.on('connection', (socket: Socket) => {
    requestsOn.set(socket, 0);
    socket.once('close', () => requestsOn.delete(socket));
  });
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    change(socket, 1);
    response.once('close', () => {
      if (requestsOn.has(socket)) change(socket, -1);
    });
  });
  return {
    closeUnused() {
      closing = true;
      for (const [socket, count] of requestsOn) if (count === 0) socket.destroy();
    },
  };
}

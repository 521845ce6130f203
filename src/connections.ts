import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export type Connections = {
  /**
   * From now on a connection ends with its answer. Those that no request uses stay while others are answered, so that
   * who sends a request on one hears that the server stops; then they are closed, too.
   */
  close(): void;
  /** Whether there is an answer on its way on this connection, or still to come. */
  isAnswering(socket: Socket): boolean;
};

/**
 * Knows which connections of a server are in use. Node's own `closeIdleConnections` spares those on which no request
 * has come yet, and clients and browsers open such connections ahead: they would hold up the end of the server.
 */
export function trackConnections(server: Server): Connections {
  const responsesOn = new Map<Socket, Set<ServerResponse>>();
  let closing = false;

  const closeUnused = (): void => {
    const all = [...responsesOn];
    if (all.some(([, responses]) => responses.size > 0)) return;
    for (const [socket] of all) socket.destroy();
  };
  const forget = (socket: Socket, response: ServerResponse): void => {
    const responses = responsesOn.get(socket);
    responses?.delete(response);
    if (!closing) return;
    if (responses?.size === 0) socket.destroySoon();
    closeUnused();
  };

  server.on('connection', (socket: Socket) => {
    // One whose request was read again is known.
    if (responsesOn.has(socket)) return;
    responsesOn.set(socket, new Set());
    socket.once('close', () => {
      responsesOn.delete(socket);
      if (closing) closeUnused();
    });
  });
  // Before the app, which may answer at once.
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request;
    responsesOn.get(socket)?.add(response);
    if (closing) isLast(response);
    response.once('close', () => {
      // A client that is still sending after an early answer would lose it with the connection.
      if (request.complete || socket.destroyed) forget(socket, response);
      else request.once('end', () => forget(socket, response));
    });
  });
  return {
    close() {
      closing = true;
      for (const responses of responsesOn.values()) for (const each of responses) isLast(each);
      closeUnused();
    },
    isAnswering: (socket) => (responsesOn.get(socket)?.size ?? 0) > 0,
  };
}

/** Tells the client that nothing more can be sent on this connection. */
function isLast(response: ServerResponse): void {
  if (!response.headersSent) response.setHeader('connection', 'close');
}

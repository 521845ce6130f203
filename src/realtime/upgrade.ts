import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Connections } from '../connections.js';

/** A request to speak another protocol from now on. */
export type Upgrade = {
  readonly socket: Duplex;
  /** What the client has sent already behind the request. */
  readonly head: Buffer;
};

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** What a request for a WebSocket came with; undefined for every other request. */
export function upgradeOf(request: IncomingMessage): Upgrade | undefined {
  return upgrades.get(request);
}

/**
 * For `createServer`: Node asks this from 22.21 and 24.9 on, and reads requests that wish for anything else as those
 * without a wish. Older ones do not ask: `acceptUpgrades` reads them again.
 */
export const upgradeOptions = { shouldUpgradeCallback: isForWebSocket };

function isForWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/**
 * Requests for WebSockets go the way of all requests, so that the same rules hold for them and refusals look alike: the
 * route that they are for finds what it needs in `upgradeOf`. Wishes for other protocols, such as the HTTP/2 that Java's
 * client asks for with each first request, are read again without the wish, as servers do that know no upgrades
 * (RFC 9110, section 7.8).
 */
export function acceptUpgrades(
  server: Server,
  connections: Pick<Connections, 'isAnswering'>,
): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // Answers on one connection come in order: nothing can be handed over in the midst of them.
    if (connections.isAnswering(socket)) return void socket.destroy();
    if (!isForWebSocket(request)) return readAgain(server, { request, socket, head });
    upgrades.set(request, { socket, head });
    server.emit('request', request, responseOn(request, socket));
  });
}

/** An answer that ends its connection. Once the socket is handed over, it is closed with it. */
function responseOn(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  const destroy = (): void => void socket.destroy();
  socket.on('error', destroy);
  response.once('finish', () => {
    response.detachSocket(socket);
    socket.destroySoon();
    response.emit('close');
  });
  return response;
}

/** Says that from now on the connection is the WebSocket's; the request is logged when it closes. */
export function handOver(response: ServerResponse, socket: Duplex): void {
  response.detachSocket(socket as Socket);
  response.statusCode = 101;
  socket.once('close', () => response.emit('close'));
}

const OF_UPGRADES = /^(upgrade|http2-settings)$/i;

function readAgain(
  server: Server,
  { request, socket, head }: { request: IncomingMessage; socket: Socket; head: Buffer },
): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  const { rawHeaders } = request;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = rawHeaders.slice(at, at + 2);
    const isConnection = name.toLowerCase() === 'connection';
    const kept = isConnection ? withoutUpgrade(value) : value;
    if (OF_UPGRADES.test(name) || (isConnection && kept === '')) continue;
    lines.push(`${name}: ${kept}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

function withoutUpgrade(connection: string): string {
  const options = connection.split(',').map((option) => option.trim());
  return options.filter((option) => !OF_UPGRADES.test(option)).join(', ');
}

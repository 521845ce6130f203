import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, Server as NetServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { trackConnections } from '#src/connections.js';

const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

describe('a server that closes', () => {
  let server: ReturnType<typeof createServer>;
  let connections: ReturnType<typeof trackConnections>;
  let clients: Socket[];
  const answers: ServerResponse[] = [];

  beforeEach(async () => {
    clients = [];
    answers.length = 0;
    server = createServer((_request, response) => answers.push(response));
    connections = trackConnections(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const client of clients) client.destroy();
    server.close();
  });

  const open = async () => {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1').setEncoding('utf8');
    clients.push(socket);
    const received = { text: '' };
    socket.on('data', (text: string) => {
      received.text += text;
    });
    await once(socket, 'connect');
    return { socket, received, closed: once(socket, 'close') };
  };
  const request = async (socket: Socket): Promise<ServerResponse> => {
    const came = once(server, 'request');
    socket.write(GET);
    const [, response] = await came;
    return response;
  };
  const close = (): Promise<unknown> => {
    const closed = once(server, 'close');
    NetServer.prototype.close.call(server);
    connections.close();
    return closed;
  };

  it('drops connections at once when none of them awaits an answer', async () => {
    const client = await open();
    // The server has to know of it, too.
    const response = await request(client.socket);
    response.end('done');
    await once(response, 'close');
    await Promise.all([close(), client.closed]);
  });

  it('keeps the others while one is answered, refuses there, and ends with the last answer', async () => {
    const [unused, busy, other] = [await open(), await open(), await open()];
    const before = await request(other.socket);
    before.end('before');
    await once(before, 'close');
    const late = await request(busy.socket);
    const closed = close();

    const refused = await request(other.socket);
    refused.writeHead(503).end('refused');
    await other.closed;
    assert.match(other.received.text, /before.*503.*connection: close.*refused/is);
    assert.equal(unused.socket.closed, false);
    assert.equal(busy.socket.closed, false);

    late.end('done');
    await Promise.all([closed, busy.closed, unused.closed]);
    assert.match(busy.received.text, /^HTTP\/1\.1 200 OK.*connection: close.*done/is);
  });

  it('waits for who is still sending after an early answer', async () => {
    const { socket, received, closed } = await open();
    const came = once(server, 'request');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab');
    const [message, response] = await came;
    const serverClosed = close();
    message.resume();
    response.writeHead(503).end('early');
    await once(response, 'close');
    assert.equal(socket.closed, false);
    socket.write('cd');
    await Promise.all([serverClosed, closed]);
    assert.match(received.text, /early/);
  });
});

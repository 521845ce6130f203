import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, it } from 'node:test';
import { trackConnections } from '#src/connections.js';

describe('a server that closes', () => {
  it('drops connections without a request at once and lets running requests finish', async () => {
    let answer = (): void => assert.fail('no request came');
    const server = createServer((_request, response) => {
      answer = () => response.end('done');
    });
    const connections = trackConnections(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;

    const unused = connect(port, '127.0.0.1');
    const busy = connect(port, '127.0.0.1').setEncoding('utf8');
    await Promise.all([once(unused, 'connect'), once(busy, 'connect')]);
    busy.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(server, 'request');

    const closed = once(server, 'close');
    const unusedClosed = once(unused.resume(), 'close');
    server.close();
    connections.closeUnused();
    await unusedClosed;
    assert.equal(busy.closed, false);

    let received = '';
    busy.on('data', (text: string) => {
      received += text;
    });
    const busyClosed = once(busy, 'close');
    answer();
    await Promise.all([busyClosed, closed]);
    assert.match(received, /^HTTP\/1\.1 200 OK.*done/s);
  });
});

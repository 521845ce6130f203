import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { startUploadServer, type UploadServer } from '../../support/upload-server.js';

describe('an answer that is given while the client still sends', () => {
  let server: UploadServer;
  before(async () => {
    server = await startUploadServer();
  });
  after(() => server.close());

  for (const connection of ['close', 'keep-alive']) {
    it(`does not end the connection before the client has sent all: ${connection}`, async () => {
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      let isEnded = false;
      socket.on('end', () => {
        isEnded = true;
      });
      socket.write(
        `POST / HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\nTransfer-Encoding: chunked\r\nContent-Type: text/plain\r\n\r\n`,
      );
      const [answer] = (await once(socket, 'data')) as [Buffer];
      assert.match(answer.toString(), /^HTTP\/1\.1 4\d\d /);
      for (let part = 0; part < 10; part++) {
        socket.write(`5\r\nabcde\r\n`);
        await pause(20);
      }
      assert.ok(!isEnded, 'a client that writes now would lose the answer');
      const ended = once(socket, 'end');
      socket.write('0\r\n\r\n');
      if (connection === 'close') await ended;
      socket.destroy();
    });
  }
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Response } from 'express';
import { openEventStream } from '#src/middleware/event-stream.js';

describe('an event stream', () => {
  let server: Server;
  before(async () => {
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** One request by hand: a client that reads only when it is told to. */
  const ask = async () => {
    const { port } = server.address() as AddressInfo;
    const client = connect(port, '127.0.0.1');
    client.pause();
    client.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
    const controller = new AbortController();
    const open = (heartbeatMs?: number) =>
      openEventStream({
        response: response as Response,
        signal: controller.signal,
        ...(heartbeatMs !== undefined && { heartbeatMs }),
      });
    return { client, response, controller, open };
  };

  it('sends its headers before there is an event, and a comment while nothing happens', async () => {
    const { client, response, open } = await ask();
    const stream = open(20);
    let text = '';
    client.setEncoding('utf8').on('data', (read) => {
      text += read;
    });
    client.resume();
    while (!text.includes(': keep-alive\n\n')) await once(client, 'data');
    assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
    assert.match(text, /\r\ncontent-type: text\/event-stream; charset=utf-8\r\n/i);
    await stream.send({ type: 'x', text: 'line\nbreak' });
    await stream.sendDone();
    stream.dispose();
    response.end();
    await once(client, 'end');
    assert.ok(text.includes('data: {"type":"x","text":"line\\nbreak"}\n\n'));
    assert.ok(text.includes('data: [DONE]\n\n'));
  });

  it('beats no more once it was disposed of', async () => {
    const { client, response, open } = await ask();
    let text = '';
    client.setEncoding('utf8').on('data', (read) => {
      text += read;
    });
    client.resume();
    open(20).dispose();
    await pause(80);
    response.end();
    await once(client, 'close');
    assert.ok(!text.includes('keep-alive'));
  });

  it('waits for a client that does not read, and does not pile comments up for it', async () => {
    const { client, response, open } = await ask();
    const stream = open(5);
    const event = { type: 'x', text: 'x'.repeat(100_000) };
    // What the system holds for the client has to be full first.
    let waiting = stream.send(event);
    const isSent = () => Promise.race([waiting.then(() => true), pause(100, false)]);
    while (await isSent()) waiting = stream.send(event);
    const held = response.writableLength;
    await pause(100);
    assert.equal(response.writableLength, held);
    client.resume();
    await waiting;
    stream.dispose();
    client.destroy();
  });

  it('throws the reason when the client has left while it waits', async () => {
    const { client, response, controller, open } = await ask();
    const stream = open();
    response.once('close', () => controller.abort(new Error('left')));
    const endless = (async () => {
      for (;;) await stream.send({ text: 'x'.repeat(1_000_000) });
    })();
    setTimeout(() => client.destroy(), 50);
    await assert.rejects(endless, (error: Error) => error.message === 'left');
    await assert.rejects(stream.send({}), /left/);
    stream.dispose();
  });
});

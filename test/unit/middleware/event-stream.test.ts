import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Response } from 'express';
import {
  type EventStream,
  type EventStreamOptions,
  openEventStream,
} from '#src/middleware/event-stream.js';

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
    response.once('close', () => controller.abort(new Error('left')));
    const open = (options: Pick<EventStreamOptions, 'heartbeatMs' | 'stalledMs'> = {}) =>
      openEventStream({ response: response as Response, signal: controller.signal, ...options });
    return { client, response, open };
  };

  /** Sends until nothing more is taken; resolves when that has not changed for a while. */
  const fill = async (stream: EventStream, response: ServerResponse) => {
    let sent = 0;
    const sending = (async () => {
      for (; ; sent++) await stream.send({ type: 'x', text: 'x'.repeat(100_000) });
    })();
    sending.catch(() => {});
    let [last, rounds] = ['', 0];
    for (let left = 500; rounds < 10; left--) {
      assert.ok(left > 0, 'what is held for the client grows and grows');
      await pause(20);
      const now = `${sent} ${response.writableLength} ${response.writableNeedDrain}`;
      rounds = now === last && response.writableNeedDrain ? rounds + 1 : 0;
      last = now;
    }
    return { sending, sent: () => sent };
  };

  it('sends its headers before there is an event, and a comment while nothing happens', async () => {
    const { client, response, open } = await ask();
    const stream = open({ heartbeatMs: 20 });
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
    open({ heartbeatMs: 20 }).dispose();
    await pause(80);
    response.end();
    await once(client, 'close');
    assert.ok(!text.includes('keep-alive'));
  });

  it('waits for a client that does not read, and does not pile comments up for it', async () => {
    const { client, response, open } = await ask();
    const stream = open({ heartbeatMs: 5 });
    const { sent } = await fill(stream, response);
    const held = sent();
    client.resume();
    while (sent() === held) await once(client, 'data');
    stream.dispose();
    client.destroy();
  });

  it('throws the reason when the client has left while it waits', async () => {
    const { client, response, open } = await ask();
    const stream = open();
    const { sending } = await fill(stream, response);
    client.destroy();
    await assert.rejects(sending, /left/);
    await assert.rejects(stream.send({}), /left/);
    stream.dispose();
  });

  it('cuts off a client that takes nothing for too long', async () => {
    const { client, response, open } = await ask();
    const stream = open({ heartbeatMs: 5, stalledMs: 500 });
    const { sending } = await fill(stream, response);
    await assert.rejects(sending, /left/);
    assert.ok(response.destroyed);
    stream.dispose();
    client.destroy();
  });

  it('does not cut off a client that has taken everything while there is nothing to send', async () => {
    const { client, response, open } = await ask();
    const stream = open({ stalledMs: 100 });
    client.resume();
    for (let count = 0; count < 50; count++) await stream.send({ text: 'x'.repeat(100_000) });
    await pause(300);
    assert.ok(!response.destroyed);
    await stream.sendDone();
    stream.dispose();
    client.destroy();
  });
});

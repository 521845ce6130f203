import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import express, { type Response } from 'express';
import OpenAI from 'openai';
import { heartbeats } from '#src/middleware/heartbeat.js';

const INTERVAL_MS = 50;
/** Several signs would be sent in this time. */
const QUIET_MS = 300;
const SIGNS = 3;

/** Resolves when so many signs of life were sent. */
function signsSent(response: Response): Promise<void> {
  const write = response.writeProcessing.bind(response);
  let sent = 0;
  return new Promise((resolve) => {
    response.writeProcessing = (...args) => {
      write(...args);
      sent += 1;
      if (sent === SIGNS) resolve();
    };
  });
}

describe('signs of life while an answer is worked on', () => {
  const app = express().use(heartbeats({ intervalMs: INTERVAL_MS }));
  app.post('/', async (request, response) => {
    const sent = signsSent(response);
    request.resume();
    await sent;
    response.send('answer');
  });
  app.post('/audio/transcriptions', async (request, response) => {
    const sent = signsSent(response);
    request.resume();
    await sent;
    response.json({ text: 'answer' });
  });
  app.post('/quiet', async (request, response) => {
    request.resume();
    await once(request, 'end');
    await pause(QUIET_MS);
    response.send('answer');
  });
  app.post('/stream', async (_request, response) => {
    response.flushHeaders();
    await pause(QUIET_MS);
    response.end('answer');
  });
  const server = createServer(app);
  before(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  after(() => server.close());

  /** The whole answer as it came over the wire. Nothing may come before the last part was sent. */
  const send = async (request: string, ...later: string[]): Promise<string> => {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    socket.write(request);
    for (const part of later) {
      await pause(QUIET_MS);
      assert.equal(received, '');
      socket.write(part);
    }
    await once(socket, 'close');
    return received;
  };
  const head = (agent: string, { path = '/', version = '1.1', bytes = 2 } = {}) =>
    `POST ${path} HTTP/${version}\r\nHost: x\r\nUser-Agent: ${agent}\r\nConnection: close\r\nContent-Length: ${bytes}\r\n\r\n`;
  const signsIn = (text: string) => text.split('HTTP/1.1 102 Processing\r\n\r\n').length - 1;

  for (const agent of ['OpenAI/JS 6.49.0', 'OpenAI/Python 3.22.1', 'AsyncOpenAI/Python 3.22.1']) {
    it(`are sent to ${agent}, and the answer follows`, async () => {
      const text = await send(`${head(agent)}{}`);
      assert.equal(signsIn(text), SIGNS, text);
      assert.match(text, /HTTP\/1\.1 200 OK\r\n.*answer$/s);
      assert.equal(text.indexOf('HTTP/1.1 102'), 0);
      assert.ok(text.lastIndexOf('HTTP/1.1 102') < text.indexOf('HTTP/1.1 200'));
    });
  }

  it("are passed over by OpenAI's SDK, which goes on waiting for the answer", async () => {
    const { port } = server.address() as AddressInfo;
    const client = new OpenAI({ apiKey: 'none', baseURL: `http://127.0.0.1:${port}` });
    const file = new File(['audio'], 'a.wav');
    const answer = await client.audio.transcriptions.create({ file, model: 'whisper-1' });
    assert.equal(answer.text, 'answer');
  });

  for (const agent of ['python-requests/2.34', 'curl/8.1', 'node', 'MyOpenAI/1', '']) {
    it(`are not sent to ${agent || 'a client without a name'}`, async () => {
      assert.match(await send(`${head(agent, { path: '/quiet' })}{}`), /^HTTP\/1\.1 200 OK/);
    });
  }

  it('are not sent to a client of HTTP/1.0', async () => {
    const old = head('OpenAI/JS 6', { path: '/quiet', version: '1.0' });
    assert.match(await send(`${old}{}`), /^HTTP\/1\.1 200/);
  });

  for (const header of ['X-Forwarded-For: 10.0.0.1', 'Forwarded: for=10.0.0.1', 'Via: 1.1 proxy']) {
    it(`are not sent through a proxy, which says so with ${header}`, async () => {
      const direct = head('OpenAI/JS 6', { path: '/quiet' });
      const passedOn = direct.replace('\r\n', `\r\n${header}\r\n`);
      assert.match(await send(`${passedOn}{}`), /^HTTP\/1\.1 200/);
    });
  }

  it('are not sent while the client is still sending', async () => {
    const text = await send(head('OpenAI/JS 6', { bytes: 2 }), '{', '}');
    assert.equal(signsIn(text), SIGNS, text);
    assert.match(text, /HTTP\/1\.1 200 OK\r\n.*answer$/s);
  });

  it('end with the headers of the answer', async () => {
    const text = await send(`${head('OpenAI/JS 6', { path: '/stream' })}{}`);
    assert.equal(signsIn(text), 0);
    assert.match(text, /^HTTP\/1\.1 200 OK/);
  });
});

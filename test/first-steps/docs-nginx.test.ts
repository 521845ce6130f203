import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import express from 'express';
import { WebSocket, WebSocketServer } from 'ws';
import { projectRoot } from '#config/root.js';
import { heartbeats } from '#src/middleware/heartbeat.js';
import { run } from '../e2e/support/run.js';
import { testFolder } from '../support/paths.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { piece, wavOf } from '../support/voices.js';
import { markedCode } from './support/docs-snippets.js';
import { nginxMissing, type RunningNginx, startNginx } from './support/nginx.js';

const PAGE = 'recipes/behind-nginx.md';
const MARK = 'test/first-steps runs this configuration';
const skip = nginxMissing() ?? false;

describe(`whosaid behind nginx as ${PAGE} shows it`, { skip }, () => {
  let server: TestServer;
  let nginx: RunningNginx;
  before(async () => {
    server = await startTestServer({ TRUST_PROXY: '1' });
    nginx = await startNginx(markedCode(PAGE, MARK), server.url);
  });
  after(async () => {
    await nginx?.close();
    await server?.close();
  });

  it('transcribes an upload that is larger than nginx lets through by itself', async () => {
    const speech = piece(0, 9);
    const padded = new Int16Array(2 ** 20);
    padded.set(speech);
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(wavOf(padded))]), 'talk.wav');
    form.append('model', 'whisper-1');
    const { status, text } = await send(nginx, { path: '/v1/audio/transcriptions', form });
    assert.equal(status, 200, text);
    assert.match(text, /travel/);
  });

  it('lets the pages of the proxy itself use the server, and no others', async () => {
    const { origin } = new URL(nginx.url);
    const own = await send(nginx, { path: '/v1/models', headers: { origin } });
    assert.equal(own.status, 200, own.text);
    const other = await send(nginx, { path: '/v1/models', headers: { origin: 'https://a.test' } });
    assert.equal(other.status, 403);
  });
});

describe(`nginx as ${PAGE} shows it`, { skip }, () => {
  let upstream: Server;
  let sockets: WebSocketServer;
  let nginx: RunningNginx;
  let endEvents = (): void => {};
  before(async () => {
    const app = express().use(heartbeats({ intervalMs: 10 }));
    app.get('/events', (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n');
      endEvents = () => response.end('data: last\n\n');
    });
    app.get('/slow', async (_request, response) => {
      await pause(300);
      response.send('the answer');
    });
    upstream = createServer(app);
    sockets = new WebSocketServer({ server: upstream });
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(data)));
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const { port } = upstream.address() as AddressInfo;
    nginx = await startNginx(markedCode(PAGE, MARK), `http://127.0.0.1:${port}`);
  });
  after(async () => {
    await nginx?.close();
    sockets.close();
    upstream.closeAllConnections();
    upstream.close();
  });

  it('hands events on while the answer goes on', async () => {
    const response = await open(nginx, { path: '/events' });
    const [first] = await once(response.setEncoding('utf8'), 'data');
    assert.equal(first, 'data: first\n\n');
    endEvents();
    assert.equal(await read(response), 'data: last\n\n');
  });

  it("gives OpenAI's SDKs the answer, and none of the signs of life that it would take for one", async () => {
    const headers = { 'user-agent': 'OpenAI/JS 6.49.0' };
    const { status, text } = await send(nginx, { path: '/slow', headers });
    assert.deepEqual({ status, text }, { status: 200, text: 'the answer' });
  });

  it('lets a WebSocket through', async () => {
    const socket = new WebSocket(`${nginx.url.replace('https', 'wss')}/v1/realtime`, {
      ca: nginx.ca,
    });
    await once(socket, 'open');
    socket.send('hello');
    const [data] = await once(socket, 'message');
    assert.equal(String(data), 'hello');
    socket.close();
    await once(socket, 'close');
  });
});

describe('deploy/nginx.conf', { skip }, () => {
  it('is a configuration that nginx takes', async () => {
    const text = await readFile(join(projectRoot, 'deploy/nginx.conf'), 'utf8');
    const folder = await testFolder();
    try {
      const path = join(folder.path, 'nginx.conf');
      // There are no such hosts here.
      const site = text.replaceAll(/gateway-\d:8000/g, '127.0.0.1:8000');
      await writeFile(path, `pid ${folder.path}/pid; events {} http { ${site} }`);
      const { code, stderr } = await run({ command: 'nginx', args: ['-t', '-c', path], cwd: '/' });
      assert.equal(code, 0, stderr);
    } finally {
      await folder.remove();
    }
  });
});

type Sent = { path: string; form?: FormData; headers?: Record<string, string> };

async function open({ url, ca }: RunningNginx, { path, form, headers = {} }: Sent) {
  const body = form && new Response(form);
  const sent = request(url + path, {
    ca,
    agent: false,
    method: form ? 'POST' : 'GET',
    headers: { ...Object.fromEntries(body?.headers ?? []), ...headers },
  });
  sent.end(body && Buffer.from(await body.arrayBuffer()));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

async function send(nginx: RunningNginx, sent: Sent): Promise<{ status?: number; text: string }> {
  const response = await open(nginx, sent);
  return { status: response.statusCode ?? 0, text: await read(response) };
}

async function read(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  return text;
}

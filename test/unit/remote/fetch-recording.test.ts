import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { type FetchRecordingOptions, fetchRecording } from '#services/remote/fetch-recording.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { run } from '../../e2e/support/run.js';
import { testFolder } from '../../support/paths.js';
import {
  type RemoteServer,
  startRemoteServer,
  TEST_CERTIFICATE,
} from '../../support/remote-server.js';
import { until } from '../../support/start-server.js';

let folder: Awaited<ReturnType<typeof testFolder>>;
let servers: RemoteServer[];
beforeEach(async () => {
  folder = await testFolder();
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await folder.remove();
});

async function serve(listener: RequestListener, options?: { isTls: boolean }) {
  const server = await startRemoteServer(listener, options);
  servers.push(server);
  return server;
}

const get = (url: string, options: Partial<FetchRecordingOptions> = {}) =>
  fetchRecording({
    url,
    folder: folder.path,
    maxBytes: 1_000_000,
    allowPrivate: true,
    signal: new AbortController().signal,
    ...options,
  });

/** That it fails with an error of the catalogue, with these words in its reason, and leaves nothing. */
async function fails(fetching: Promise<unknown>, key: string, reason = /./) {
  const error = await fetching.then(
    () => assert.fail('It was fetched.'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof WhosaidError, String(error));
  assert.equal(error.key, key);
  assert.match(String(error.params.reason ?? ''), key === 'upload_too_large' ? /^$/ : reason);
  assert.doesNotMatch(error.message, /127\.0\.0\.1|recordings\.test|localhost/);
  assert.deepEqual(await readdir(folder.path), []);
}

const body = randomBytes(300_000);
const sendBody: RequestListener = (_request, response) => response.end(body);

/** Sends for as long as the other side listens, a block at a time. */
function sendEndlessly(response: ServerResponse, bytes = 65_536, everyMs = 0): void {
  const timer = setInterval(() => response.write(Buffer.alloc(bytes, 1)), everyMs);
  response.once('close', () => clearInterval(timer));
}

describe('fetching a recording', () => {
  it('writes it to a file for its owner alone, and tells its size and name', async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-disposition', 'attachment; filename="talk.mp3"');
      response.end(body);
    });
    const rooms: number[] = [];
    const takeRoom = (bytes: number) => void rooms.push(bytes);
    const fetched = await get(`${url}/x`, { takeRoom, maxBytes: body.length });
    const path = join(folder.path, 'recording');
    assert.deepEqual(fetched, { path, bytes: body.length, fileName: 'talk.mp3' });
    assert.deepEqual(await readFile(path), body);
    assert.equal(rooms.at(-1), body.length);
    if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it('asks for it as it is, says who asks, and sends nothing else', async () => {
    let headers: Record<string, unknown> = {};
    const { url, port } = await serve((request, response) => {
      headers = request.headers;
      response.end('x');
    });
    await get(url);
    assert.deepEqual(headers, {
      accept: '*/*',
      'accept-encoding': 'identity',
      'user-agent': 'whosaid',
      host: `127.0.0.1:${port}`,
      connection: 'close',
    });
  });

  it('follows redirects, and sends no cookie that one of them set', async () => {
    const cookies: unknown[] = [];
    const { url } = await serve((request, response) => {
      cookies.push(request.headers.cookie);
      const hop = Number(request.url?.slice(1));
      response.setHeader('set-cookie', 'a=b');
      if (hop === 5) return void response.end(body);
      response
        .writeHead([301, 302, 303, 307, 308][hop] as number, { location: `/${hop + 1}` })
        .end();
    });
    assert.equal((await get(`${url}/0`)).bytes, body.length);
    assert.deepEqual(cookies, Array(6).fill(undefined));
  });

  it('gives up where redirects lead in a circle', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(302, { location: '/again' }).end();
    });
    await fails(get(url), 'url_unreachable', /it leads on more than 5 times/);
  });

  it('takes a certificate that somebody trusted has signed, and none else', async () => {
    const { url, port } = await serve(sendBody, { isTls: true });
    await fails(get(url), 'url_unreachable', /certificate is signed by nobody who is trusted/);
    const { port: small } = await serve((_request, response) => response.end('four'), {
      isTls: true,
    });
    const certificate = join(folder.path, 'certificate.pem');
    await writeFile(certificate, TEST_CERTIFICATE);
    const fetchWith = async (env: Record<string, string>, from: number) => {
      const main = join(projectRoot, 'dist/test/support/fetch-main.js');
      const args = [main, String(from), folder.path];
      return (await run({ command: process.execPath, args, cwd: projectRoot, env })).stdout.trim();
    };
    assert.equal(await fetchWith({ NODE_EXTRA_CA_CERTS: certificate }, small), '4 bytes');
    // A switch that makes programs careless changes nothing here.
    const careless = await fetchWith({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }, port);
    assert.match(careless, /certificate is signed by nobody/);
  });
});

describe('fetching from private addresses', () => {
  it('is refused for a literal address and for a name that means one', async () => {
    let asked = 0;
    const { url, port } = await serve((_request, response) => response.end(String(asked++)));
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const options = { allowPrivate: false, network: { resolve } };
    const reason = /^it leads to this machine or into a private network$/;
    await fails(get(url, options), 'url_forbidden', reason);
    await fails(get(`http://recordings.test:${port}/`, options), 'url_forbidden', reason);
    assert.equal(asked, 0);
  });

  /** One address of loopback stands for the internet. */
  const isPublic = (address: string) => address === '127.0.0.1';

  it('is refused after a redirect into one, whether literal or by name', async () => {
    const resolve = async (name: string) => [
      { address: name === 'public.test' ? '127.0.0.1' : '127.0.0.2', family: 4 },
    ];
    const options = { allowPrivate: false, network: { isPublic, resolve } };
    const { port: inside } = await serve(sendBody);
    for (const host of ['127.0.0.2', '[::1]', '2130706434', 'localhost', 'private.test']) {
      const { port } = await serve((_request, response) => {
        response.writeHead(302, { location: `http://${host}:${inside}/` }).end();
      });
      const reason = /^it leads on to one that leads to this machine or into a private network$/;
      await fails(get(`http://public.test:${port}/`, options), 'url_forbidden', reason);
    }
  });

  it('is refused as soon as a name that was public means a private one', async () => {
    let asked = 0;
    const resolve = async () => [{ address: asked++ === 0 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    const options = { allowPrivate: false, network: { isPublic, resolve } };
    const paths: unknown[] = [];
    const { port } = await serve((request, response) => {
      paths.push(request.url);
      response.writeHead(302, { location: '/second' }).end();
    });
    const fetching = get(`http://recordings.test:${port}/first`, options);
    await fails(fetching, 'url_forbidden', /^it leads on to one that leads to this machine/);
    assert.deepEqual({ paths, asked }, { paths: ['/first'], asked: 2 });
  });

  it('is refused for what is no address of the web, also after a redirect', async () => {
    await fails(get('file:///etc/passwd'), 'url_forbidden', /^it starts with neither http/);
    const { url } = await serve((_request, response) => {
      response.writeHead(301, { location: 'file:///etc/passwd' }).end();
    });
    await fails(get(url), 'url_forbidden', /^it leads on to one that starts with neither http/);
    await fails(get('http://a:b@example.com/'), 'url_forbidden', /user name or a password/);
  });
});

describe('fetching from a server that does not do its part', () => {
  it('ends with upload_too_large, by what it announces and by what it sends', async () => {
    const { url: announcing } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 2_000_000 });
      response.write('x');
    });
    await fails(get(announcing), 'upload_too_large');
    const { url: endless } = await serve((_request, response) => sendEndlessly(response));
    await fails(get(endless), 'upload_too_large');
    const { url: exact } = await serve(sendBody);
    await fails(get(exact, { maxBytes: body.length - 1 }), 'upload_too_large');
  });

  it('ends when there is no room any more, with the error of the room', async () => {
    const { url } = await serve((_request, response) => sendEndlessly(response));
    const takeRoom = (bytes: number) => {
      if (bytes > 200_000) throw new WhosaidError('storage_full');
    };
    await fails(get(url, { takeRoom }), 'storage_full', /^$/);
  });

  it('ends when no answer comes', async () => {
    const { url } = await serve(() => {});
    const timeouts = { answerMs: 200 };
    await fails(get(url, { timeouts }), 'url_unreachable', /did not answer in time/);
  });

  it('ends when hardly anything comes', async () => {
    const { url } = await serve((_request, response) => sendEndlessly(response, 1, 20));
    const timeouts = { windowMs: 300, leastBytes: 1000 };
    await fails(get(url, { timeouts }), 'url_unreachable', /sends too slowly/);
  });

  it('ends when it takes too long altogether', async () => {
    const { url } = await serve((_request, response) => sendEndlessly(response, 1, 20));
    const timeouts = { totalMs: 300 };
    await fails(get(url, { timeouts }), 'url_unreachable', /too long altogether/);
  });

  it('ends when the connection does', async () => {
    const { url: resets } = await serve((request) => request.socket.resetAndDestroy());
    await fails(get(resets), 'url_unreachable', /connection was broken off/);
    const { url: cuts } = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('x', () => request.socket.destroy());
    });
    await fails(get(cuts), 'url_unreachable', /connection was broken off/);
    const { url: upgrades } = await serve((request) => {
      request.socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
    });
    await fails(get(upgrades), 'url_unreachable');
  });

  it('tells why nothing came, without names and addresses', async () => {
    const { url, close } = await startRemoteServer(sendBody);
    await close();
    await fails(get(url), 'url_unreachable', /connection was refused/);
    const unknown = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    const nowhere = get('http://recordings.test/', { network: { resolve: unknown } });
    await fails(nowhere, 'url_unreachable', /its name is not known/);
    for (const status of [204, 206, 304, 401, 404, 500]) {
      const server = await serve((_request, response) => response.writeHead(status).end());
      await fails(get(server.url), 'url_unreachable', new RegExp(`answered with status ${status}`));
    }
    const { url: strange } = await serve((request) => request.socket.end('hello\r\n\r\n'));
    await fails(get(strange), 'url_unreachable', /does not speak HTTP/);
    const { port } = await serve(sendBody);
    await fails(get(`https://127.0.0.1:${port}/`), 'url_unreachable', /no TLS connection/);
  });

  it('takes nothing that is compressed', async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body);
    });
    await fails(get(url), 'url_unreachable', /sent compressed/);
  });
});

describe('ending a fetch', () => {
  it('happens with the reason of the signal, before and in the middle', async () => {
    let isGone = false;
    const { url } = await serve((_request, response) => {
      sendEndlessly(response, 1000, 10);
      response.once('close', () => {
        isGone = true;
      });
    });
    const reason = new Error('cancelled');
    const controller = new AbortController();
    const takeRoom = () => controller.abort(reason);
    await assert.rejects(get(url, { signal: controller.signal, takeRoom }), reason);
    assert.deepEqual(await readdir(folder.path), []);
    await until(() => isGone, 'the connection is still there');
    await assert.rejects(get(url, { signal: AbortSignal.abort(reason) }), reason);
  });

  it('keeps a file that was there before, and says so', async () => {
    const { url } = await serve(sendBody);
    const path = join(folder.path, 'recording');
    await writeFile(path, 'mine');
    await assert.rejects(get(url), { code: 'EEXIST' });
    assert.equal(await readFile(path, 'utf8'), 'mine');
  });
});

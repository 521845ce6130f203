import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, describe, it, type TestContext } from 'node:test';
import { shortClip } from '../support/clips.js';
import {
  assertError,
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { mountSmallDisk, noSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';
import { startUploadServer } from '../support/upload-server.js';

const DISK_MEGABYTES = 8;
const BLOCK = Buffer.alloc(100_000);

const { headers, body: whole } = multipart([filePart('')]);
/** What comes before the bytes of the file. */
const head = whole.subarray(0, whole.indexOf('\r\n\r\n') + 4);

/** The beginning of an upload. */
async function begin(url: string, { bytes, declared }: { bytes: number; declared: number }) {
  const request = httpRequest(url, {
    method: 'POST',
    agent: false,
    headers: { ...headers, 'content-length': declared },
  });
  request.on('error', () => {});
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  const answer = answered.then(
    async ([response]): Promise<RawResponse> => ({
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: await text(response),
    }),
  );
  answer.catch(() => {});
  request.write(head);
  request.write(Buffer.alloc(bytes));
  return { request, answer };
}

describe('an upload whose folder the disk takes away', () => {
  it('is answered at once with what happened, without waiting for the rest of the body', async () => {
    const server = await startUploadServer({
      changed: (temp) => ({
        ...temp,
        async folder() {
          const folder = await temp.folder();
          await rmdir(folder.path);
          return folder;
        },
      }),
    });
    const { request, answer } = await begin(server.url, { bytes: 90_000, declared: 500_000_000 });
    assertError(await answer, { status: 500, code: 'storage_lost', type: 'server_error' });
    request.destroy();
    const { receiving, waiting, running } = server.admission.state();
    assert.deepEqual({ receiving, waiting, running }, { receiving: 0, waiting: 0, running: 0 });
    assert.equal(server.temp.usedBytes(), 0);
    await server.close();
  });
});

describe('a disk that is full', { skip: noSmallDisk }, () => {
  let disk: SmallDisk | undefined;
  let server: TestServer;
  let endpoint: string;
  before(async () => {
    disk = await mountSmallDisk(DISK_MEGABYTES);
    if (disk === undefined) return;
    server = await startTestServer({ TEMP_DIR: disk.path });
    endpoint = `${server.url}/v1/audio/transcriptions`;
  });
  after(async () => {
    await server?.close();
    await disk?.remove();
  });
  afterEach(async () => {
    if (disk === undefined) return;
    const { path } = disk;
    const isClean = async () => (await readdir(path, { recursive: true })).length === 1;
    await until(isClean, 'something is left of an upload');
    const parts = [filePart(shortClip()), ...textParts({ model: 'whisper-1' })];
    const next = await rawRequest(endpoint, { method: 'POST', ...multipart(parts) });
    assert.equal(next.status, 200, next.body);
  });

  const needsDisk = (test: TestContext): SmallDisk | undefined => {
    if (disk === undefined) test.skip('root may not mount anything here');
    return disk;
  };
  const assertFull = (response: RawResponse): void => {
    const expected = { status: 507, code: 'storage_full', type: 'server_error' };
    assertError(response, { ...expected, message: /disk .* is full.*TEMP_DIR/ });
    assert.equal(response.headers['x-should-retry'], 'false');
  };
  const chunks = (count: number, { halfway = async () => {} } = {}) => ({
    method: 'POST',
    headers,
    body: (async function* () {
      yield head;
      for (let sent = 0; sent < count; sent += 1) {
        if (sent === count / 2) await halfway();
        yield BLOCK;
      }
    })(),
  });

  it('refuses at once what says that it is larger than what is free', async (test) => {
    if (!needsDisk(test)) return;
    const { request, answer } = await begin(endpoint, { bytes: 1000, declared: 20_000_000 });
    assertFull(await answer);
    request.destroy();
  });

  it('has no room for a second upload where the first was promised it, and has it later', {
    timeout: 30_000,
  }, async (test) => {
    if (!needsDisk(test)) return;
    const first = await begin(endpoint, { bytes: 1000, declared: 4_000_000 });
    await until(async () => (await receiving()) === 1, 'the first has no seat');
    const second = await begin(endpoint, { bytes: 1000, declared: 4_000_000 });
    const { status, headers } = await second.answer;
    assert.equal(status, 503);
    assert.equal(headers['retry-after'], '15');
    for (const { request } of [first, second]) request.destroy();
    await until(async () => (await receiving()) === 0, 'a seat is taken');
  });

  it('ends an upload that did not say how long it is', async (test) => {
    if (!needsDisk(test)) return;
    assertFull(await rawRequest(endpoint, chunks(200)));
  });

  it('ends uploads that share it, and leaves nothing of any', async (test) => {
    if (!needsDisk(test)) return;
    let arrived = 0;
    const halfway = async () => {
      arrived += 1;
      await until(() => arrived === 4, 'the others are not halfway');
    };
    // Seven megabytes until they are halfway, 14 in all.
    const sent = Array.from({ length: 4 }, () => rawRequest(endpoint, chunks(34, { halfway })));
    const answers = await Promise.all(sent);
    const full = answers.filter(({ status }) => status === 507);
    assert.ok(full.length >= 1);
    for (const answer of full) assertFull(answer);
    // The others found room when these had gone: they are no audio.
    for (const { status, body } of answers) assert.ok([507, 400].includes(status), body);
  });

  it('ends an upload whose room another program takes while it comes', async (test) => {
    const small = needsDisk(test);
    if (!small) return;
    const { request, answer } = await begin(endpoint, { bytes: 1_000_000, declared: 5_000_000 });
    await until(async () => (await receiving()) === 1, 'it has no seat');
    const filler = await small.fill();
    for (let sent = 0; sent < 30; sent += 1) request.write(BLOCK);
    assertFull(await answer);
    request.destroy();
    await rm(filler);
  });

  const receiving = async (): Promise<number> =>
    JSON.parse((await rawRequest(`${server.url}/health`)).body).requests.receiving;
});

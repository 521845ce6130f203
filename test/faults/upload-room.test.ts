import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  assertError,
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { holdUpload } from '../support/slow-upload.js';
import { until } from '../support/start-server.js';
import { startUploadServer, type UploadServer } from '../support/upload-server.js';

const MAX_TEMP_BYTES = 1_000_000;
const MAX_FIELD_BYTES = 1_500_000;

const uploadOf = (bytes: number) => multipart([filePart(Buffer.alloc(bytes))]);
const fieldsOf = (bytes: number) => multipart(textParts({ prompt: 'x'.repeat(bytes) }));

function assertFull(response: RawResponse): void {
  assertError(response, {
    status: 503,
    code: 'server_busy',
    type: 'server_error',
    message: /no room for another upload now: \d+ of \d+ bytes are in use/,
  });
  assert.equal(response.headers['retry-after'], '15');
  assert.equal(response.headers['x-should-retry'], 'true');
}

describe('the room for uploads', () => {
  let server: UploadServer;
  before(async () => {
    server = await startUploadServer({
      maxTempBytes: MAX_TEMP_BYTES,
      maxFieldBytes: MAX_FIELD_BYTES,
    });
  });
  after(() => server.close());
  afterEach(async () => {
    await until(() => server.admission.state().receiving === 0, 'a seat is still taken');
    await until(() => server.temp.usedBytes() === 0, 'room is still reserved');
    assert.equal(server.fieldRoom.usedBytes(), 0);
    assert.deepEqual(await readdir(server.temp.path ?? ''), []);
  });

  const post = (body: ReturnType<typeof multipart>) =>
    rawRequest(server.url, { method: 'POST', ...body });
  const postChunked = ({ headers, body }: ReturnType<typeof multipart>) =>
    rawRequest(server.url, {
      method: 'POST',
      headers,
      body: (async function* () {
        for (let at = 0; at < body.length; at += 65_536) yield body.subarray(at, at + 65_536);
      })(),
    });
  /** An upload of this length that has been promised, and of which only the last bytes are missing. */
  const hold = async (bytes: number) => {
    const before = server.temp.usedBytes();
    const upload = uploadOf(bytes);
    const held = holdUpload(server.url, upload);
    await until(
      () => server.temp.usedBytes() === before + upload.body.length,
      'the upload has no room',
    );
    return held;
  };

  for (const [how, send] of [
    ['says how long it is', post],
    ['is chunked', postChunked],
  ] as const) {
    it(`is refused to who ${how} while others have it, and given when they have gone`, async () => {
      const held = [await hold(400_000), await hold(400_000)];
      assertFull(await send(uploadOf(300_000)));
      const [first, second] = held;
      first?.leave();
      await until(() => server.temp.usedBytes() < 500_000, 'the room is still reserved');
      assert.equal((await send(uploadOf(300_000))).status, 200);
      second?.finish();
      assert.equal((await second?.answer)?.status, 200);
    });

    it(`is never enough for an upload larger than all of it that ${how}`, async () => {
      const response = await send(uploadOf(MAX_TEMP_BYTES));
      assertError(response, {
        status: 413,
        code: 'upload_too_large',
        param: 'file',
        message: /larger than all the room for uploads \(1000000 bytes\).*MAX_TEMP_BYTES/,
      });
    });
  }

  it('is taken until the work on an upload has ended', async () => {
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const working = await startUploadServer({ work: () => finished });
    const upload = uploadOf(300_000);
    const answer = rawRequest(working.url, { method: 'POST', ...upload });
    await until(() => working.temp.usedBytes() === upload.body.length, 'nothing is reserved');
    await pause(200);
    assert.equal(working.temp.usedBytes(), upload.body.length);
    finish();
    assert.equal((await answer).status, 200);
    assert.equal(working.temp.usedBytes(), 0);
    await working.close();
  });

  it('is looked for before a client that asks is told to send', async () => {
    const held = await hold(900_000);
    const { headers } = uploadOf(0);
    const request = httpRequest(server.url, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': 500_000, expect: '100-continue' },
    });
    request.on('error', () => {});
    request.once('continue', () => assert.fail('told to send what has no room'));
    request.flushHeaders();
    const [{ statusCode }] = await once(request, 'response');
    assert.equal(statusCode, 503);
    request.destroy();
    held.leave();
  });

  it('is shared in memory too: text fields of all requests have one limit', async () => {
    const held = holdUpload(server.url, fieldsOf(900_000));
    await until(() => server.fieldRoom.usedBytes() > 900_000, 'no field is held');
    // A recording needs none of it, but for what has just come.
    assert.equal((await post(uploadOf(50_000))).status, 200);
    assertFull(await post(fieldsOf(95_000 * 7)));
    held.leave();
    // The room on disk is given back last.
    const isEmpty = () => server.fieldRoom.usedBytes() === 0 && server.temp.usedBytes() === 0;
    await until(isEmpty, 'the fields are still counted');
    const last = await post(fieldsOf(665_000));
    assert.equal(last.status, 200, last.body);
  });

  it('in memory is not taken by recordings, however many come', async () => {
    const small = await startUploadServer({ maxFieldBytes: 400_000 });
    const sent = Array.from({ length: 3 }, () =>
      rawRequest(small.url, { method: 'POST', ...uploadOf(20_000_000) }),
    );
    for (const { status, body } of await Promise.all(sent)) assert.equal(status, 200, body);
    await small.close();
  });
});

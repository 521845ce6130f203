import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { shortClip } from '../support/clips.js';
import { childrenOf, eventually } from '../support/processes.js';
import {
  filePart,
  multipart,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { holdUpload } from '../support/slow-upload.js';
import { openFiles, startTestServer, type TestServer } from '../support/start-server.js';

/** More than the 8 that are worked on and the 100 that may wait by default. */
const UPLOADS = 160;
/** Clients that send all but the end, and only later the rest. */
const SLOW = 20;
/** Clients that leave in the middle of their upload. */
const LEAVING = 20;
/** Who waited for MAX_QUEUE_SECONDS and is refused then has its answer by this time, on any machine. */
const PATIENCE_MS = 240_000;

describe(`${UPLOADS + SLOW + LEAVING} uploads at once`, () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    assert.equal((await post()).status, 200);
  });
  after(() => server.close());

  const url = () => `${server.url}/v1/audio/transcriptions`;
  const clip = () => multipart([filePart(shortClip()), ...textParts({ model: 'whisper-1' })]);
  const post = () => rawRequest(url(), { method: 'POST', ...clip() });
  const requests = async () => JSON.parse((await rawRequest(`${server.url}/health`)).body).requests;
  const isIdle = async () => {
    const { receiving, waiting, running } = await requests();
    return receiving + waiting + running === 0;
  };

  it('are each transcribed or told when to come back, and leave nothing behind', async (test) => {
    const before = { children: childrenOf().length, files: (await openFiles())?.length ?? 0 };
    const leaving = Array.from({ length: LEAVING }, () => holdUpload(url(), clip()));
    const slow = Array.from({ length: SLOW }, () => holdUpload(url(), clip()));
    const answers = [...Array.from({ length: UPLOADS }, post), ...slow.map(({ answer }) => answer)];
    let answered = 0;
    for (const answer of answers) answer.then(() => answered++).catch(() => {});
    await eventually('somebody was answered', () => answered > 0, PATIENCE_MS);
    for (const upload of leaving) upload.leave();
    for (const upload of slow) upload.finish();

    const isDone = () => answered === answers.length;
    await eventually('everybody was answered', isDone, PATIENCE_MS);
    const responses = await Promise.all(answers);
    const done = responses.filter(({ status }) => status === 200);
    const refused = responses.filter(({ status }) => status === 503);
    test.diagnostic(`${done.length} were transcribed, ${refused.length} told to come back`);
    assert.equal(done.length + refused.length, answers.length);
    assert.ok(done.length > 0 && refused.length > 0);
    for (const { body } of done) assert.match(JSON.parse(body).text, /spent less on travel/);
    for (const response of refused) assertComeBack(response);

    await eventually('no seat is taken', isIdle);
    await server.untilClean();
    await eventually('no child is too many', () => childrenOf().length <= before.children);
    const isClosed = async () => ((await openFiles())?.length ?? 0) <= before.files;
    await eventually('no file is open', isClosed);
    assert.equal((await post()).status, 200);
  });
});

function assertComeBack({ headers, body }: RawResponse): void {
  assert.equal(JSON.parse(body).error.code, 'server_busy');
  assert.equal(headers['x-should-retry'], 'true');
  const seconds = Number(headers['retry-after']);
  assert.ok(Number.isInteger(seconds) && seconds >= 1 && seconds < 60, `retry after ${seconds}`);
}

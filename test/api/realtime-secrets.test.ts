import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { hashKey } from '#src/access/key-ring.js';
import { testFolder } from '../support/paths.js';
import { assertError, rawRequest } from '../support/raw-http.js';
import { connectRealtime } from '../support/realtime-client.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const KEY = 'sk-test-0123456789abcdefghij';
const FILE_KEY = 'sk-file-0123456789abcdefghij';
const SECRET = 'a secret of more than thirty-two characters';

describe('client secrets', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let keyFile: string;
  let server: TestServer;
  let other: TestServer;
  let open: TestServer;
  before(async () => {
    folder = await testFolder();
    keyFile = join(folder.path, 'keys.txt');
    await writeFile(keyFile, hashKey(FILE_KEY).toString('hex'));
    const keys = { API_KEYS: KEY, API_KEYS_FILE: keyFile };
    server = await startTestServer({ ...keys, REALTIME_SECRET: SECRET });
    other = await startTestServer({ ...keys, REALTIME_SECRET: SECRET });
    open = await startTestServer();
  });
  after(async () => {
    for (const each of [server, other, open]) await each?.close();
    await folder.remove();
  });

  const post = (
    body: object,
    { from = server, key = KEY, path = '/v1/realtime/client_secrets' } = {},
  ) =>
    rawRequest(from.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(body)),
    });
  const make = async (...args: Parameters<typeof post>): Promise<string> => {
    const response = await post(...args);
    assert.equal(response.status, 200, response.body);
    return JSON.parse(response.body).value;
  };
  const connect = (at: TestServer, value: string) =>
    connectRealtime(at.url, { protocols: ['realtime', `openai-insecure-api-key.${value}`] });
  const assertRefused = (at: TestServer, value: string) =>
    assert.rejects(connect(at, value), { message: 'Unexpected server response: 401' });

  it('are good at every gateway with the same REALTIME_SECRET, and say whose they are', async () => {
    const value = await make({});
    for (const at of [server, other]) {
      const client = await connect(at, value);
      await client.next('session.created');
      await client.close();
      const ids = at.logs.map(({ fields }) => fields.keyId).filter((id) => id !== undefined);
      assert.ok(ids.includes(hashKey(KEY).toString('hex').slice(0, 12)));
    }
    await assertRefused(open, value);
  });

  it('are good for sessions and nothing else', async () => {
    const value = await make({});
    const models = await rawRequest(`${server.url}/v1/models`, {
      headers: { authorization: `Bearer ${value}` },
    });
    assertError(models, { status: 401, code: 'invalid_api_key' });
    assertError(await post({}, { key: value }), { status: 401, code: 'invalid_api_key' });
  });

  it('that were changed are no more', async () => {
    const value = await make({});
    const at = value.length - 9;
    const changed = value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1);
    await assertRefused(server, changed);
    await assertRefused(server, 'ek_AAAA');
    await assertRefused(open, 'ek_AAAA');
  });

  it('are good no longer than the key that made them', async () => {
    const value = await make({}, { key: FILE_KEY });
    await (await connect(server, value)).close();
    await writeFile(keyFile, '');
    const isRead = () => server.logs.some(({ message }) => /was read again/.test(message));
    await until(isRead, 'the file of keys was not read again');
    await assertRefused(server, value);
  });

  it('are made by the same rules as sessions, and errors name the field', async () => {
    const wrong: [object, { code: string; param: string; status?: number }][] = [
      [
        { expires_after: { anchor: 'created_at', seconds: 5 } },
        { code: 'invalid_value', param: 'expires_after.seconds' },
      ],
      [
        { session: { audio: { input: { transcription: { model: 'nothing-like-it' } } } } },
        { code: 'model_not_found', param: 'session.audio.input.transcription.model', status: 404 },
      ],
      [{ sessions: {} }, { code: 'unknown_parameter', param: 'sessions' }],
      [
        { session: { audio: { input: { transcription: { prompt: 'x'.repeat(5000) } } } } },
        { code: 'invalid_value', param: 'session' },
      ],
      [
        { session: { audio: { input: { transcription: { known_speaker_references: ['x'] } } } } },
        {
          code: 'invalid_value',
          param: 'session.audio.input.transcription.known_speaker_references',
        },
      ],
    ];
    for (const [body, { status = 400, ...expected }] of wrong)
      assertError(await post(body), { status, ...expected });
  });

  it('are sealed with a secret of DATA_DIR where none is set, which nobody else may read', async () => {
    const input = { transcription: { prompt: 'Kestrel' }, turn_detection: null };
    const session = { type: 'transcription', audio: { input } };
    const value = await make({ session }, { from: open });
    assert.doesNotMatch(Buffer.from(value.slice(3), 'base64url').toString('latin1'), /Kestrel/);
    const client = await connect(open, value);
    const created = await client.next('session.created');
    assert.deepEqual(created.session.audio.input.transcription, { prompt: 'Kestrel' });
    await client.close();
    const path = join(open.dataDir, 'realtime-secret');
    assert.match(await readFile(path, 'utf8'), /^[A-Za-z0-9+/]{43}=\n$/);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
  });

  it('that have expired are good no more', async () => {
    // Ten seconds are the least.
    const value = await make({ expires_after: { anchor: 'created_at', seconds: 10 } });
    await (await connect(server, value)).close();
    const isExpired = async () => {
      const client = await connect(server, value).catch(() => undefined);
      await client?.close();
      return client === undefined;
    };
    await until(isExpired, 'it has not expired');
  });
});

import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import OpenAI from 'openai';
import { hashKey } from '#src/access/key-ring.js';
import { shortClip } from '../support/clips.js';
import { testFolder } from '../support/paths.js';
import { assertError, type RawResponse, rawRequest } from '../support/raw-http.js';
import { uploadSlowly } from '../support/slow-upload.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';

const KEY = 'sk-test-0123456789abcdefghij';
const FILE_KEY = 'sk-file-0123456789abcdefghij';

describe('a server with keys', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let keyFile: string;
  let server: TestServer;
  before(async () => {
    folder = await testFolder();
    keyFile = join(folder.path, 'keys.txt');
    await writeFile(keyFile, `# the team\n${hashKey(FILE_KEY).toString('hex')}  # alice\n`);
    server = await startTestServer({
      API_KEYS: `sk-other-0123456789abcdefgh,${KEY}`,
      API_KEYS_FILE: keyFile,
      PUBLIC_PATHS: '/health',
    });
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });

  const get = (path: string, headers: Record<string, string> = {}) =>
    rawRequest(server.url + path, { headers });
  const assertMissing = (response: RawResponse) => {
    assertError(response, { status: 401, code: null, message: /didn't provide an API key/ });
    assert.equal(response.headers['www-authenticate'], 'Bearer realm="whosaid"');
    assert.equal(response.headers['x-should-retry'], undefined);
  };
  const assertWrong = (response: RawResponse) => {
    assertError(response, {
      status: 401,
      code: 'invalid_api_key',
      message: /^Incorrect API key provided/,
    });
    assert.match(String(response.headers['www-authenticate']), /^Bearer .*invalid_token/);
  };

  const accepted: [string, Record<string, string>][] = [
    ['as a bearer token', { authorization: `Bearer ${KEY}` }],
    ['as a bearer token in lower case', { authorization: `bearer  ${KEY} ` }],
    ['in api-key', { 'api-key': KEY }],
    ['in x-api-key', { 'x-api-key': KEY }],
    ['from the file of hashes', { authorization: `Bearer ${FILE_KEY}` }],
    ['beside a login meant for a proxy', { authorization: 'Basic dTpw', 'x-api-key': KEY }],
  ];
  for (const [name, headers] of accepted) {
    it(`takes a key ${name}`, async () => {
      for (const path of ['/v1/models', '/models', '/v1/models/whisper-1']) {
        assert.equal((await get(path, headers)).status, 200, path);
      }
    });
  }

  const missing: Record<string, string>[] = [
    {},
    { authorization: '' },
    { authorization: 'Bearer' },
    { authorization: 'Bearer ' },
    { authorization: 'Basic dTpw' },
    { 'x-api-key': '' },
  ];
  for (const headers of missing) {
    it(`says that none was sent with ${JSON.stringify(headers)}`, async () => {
      assertMissing(await get('/v1/models', headers));
    });
  }

  const wrong = [KEY.slice(0, -1), `${KEY}x`, KEY.toUpperCase(), 'none', 'ü', 'x'.repeat(5000)];
  for (const key of wrong) {
    it(`refuses a wrong one: ${key.slice(0, 40)}`, async () => {
      const header = Buffer.from(`Bearer ${key}`).toString('latin1');
      assertWrong(await get('/v1/models', { authorization: header }));
    });
  }

  it('refuses the hash of a key in place of the key', async () => {
    const hash = hashKey(FILE_KEY).toString('hex');
    assertWrong(await get('/v1/models', { authorization: `Bearer ${hash}` }));
  });

  it('needs one for whatever there is, but the root and what the settings name', async () => {
    for (const path of [
      '/ready',
      '/v1/ready',
      '/docs',
      '/openapi.json',
      '/metrics',
      '/nowhere',
      '/healthy',
      '/v1/models/health',
    ]) {
      assertMissing(await get(path));
    }
    for (const path of ['/', '/v1', '/v1/', '/health', '/health/', '/v1/health']) {
      assert.equal((await get(path)).status, 200, path);
    }
  });

  it('needs one for every method of an open path that could do something', async () => {
    assertMissing(await rawRequest(`${server.url}/health`, { method: 'POST' }));
  });

  it('refuses an upload before it is read', async () => {
    const path = '/v1/audio/transcriptions';
    const { response, sentBytes } = await uploadSlowly(server.url + path);
    assertMissing(response);
    assert.ok(sentBytes < 50_000_000, `${sentBytes} bytes were sent before the answer came`);
    assert.deepEqual(await server.leftovers(), []);
  });

  it('transcribes for a client that has one, whose SDK gives its own error without', async () => {
    const file = () => new File([new Uint8Array(shortClip())], 'a.wav');
    const client = (apiKey: string) => new OpenAI({ apiKey, baseURL: `${server.url}/v1` });
    const model = 'whisper-1';
    const { text } = await client(KEY).audio.transcriptions.create({ file: file(), model });
    assert.match(text, /spent less on travel/);
    const refused = client('sk-wrong').audio.transcriptions.create({ file: file(), model });
    await assert.rejects(refused, OpenAI.AuthenticationError);
  });

  it('follows the file of hashes as it changes', async () => {
    const status = async () => (await get('/v1/models', { 'x-api-key': FILE_KEY })).status;
    assert.equal(await status(), 200);
    await writeFile(keyFile, '# nobody\n');
    await until(async () => (await status()) === 401, 'a key that was taken out is still good');
    await writeFile(keyFile, hashKey(FILE_KEY).toString('hex'));
    await until(async () => (await status()) === 200, 'a key that was put in is not yet good');
    assert.equal((await get('/v1/models', { 'x-api-key': KEY })).status, 200);
  });

  it('logs short names of keys, and never a key', async () => {
    await get('/v1/models', { authorization: `Bearer ${KEY}` });
    await get('/v1/models', { authorization: 'Bearer sk-wrong-but-secret' });
    const id = hashKey(KEY).toString('hex').slice(0, 12);
    await until(
      () => server.logs.some(({ fields }) => fields.keyId === id),
      'no line names the key',
    );
    assert.doesNotMatch(JSON.stringify(server.logs), /sk-|0123456789abcdef/);
  });

  it('does not ask for a Host or Origin of its own: the key is what counts', async () => {
    const headers = { 'x-api-key': KEY, host: 'gateway.example', origin: 'https://app.example' };
    const response = await get('/v1/models', headers);
    assert.equal(response.status, 200);
    assert.equal(response.headers['access-control-allow-origin'], undefined);
  });
});

describe('a file of keys that cannot be used', () => {
  it('is named when the server starts, with what is wrong in it', async () => {
    const folder = await testFolder();
    const path = join(folder.path, 'keys.txt');
    const start = () => startTestServer({ API_KEYS_FILE: path });
    await assert.rejects(start(), {
      name: 'SettingsError',
      message: /API_KEYS_FILE is ".*keys.txt"; expected a file .* \(ENOENT\)/,
    });
    await writeFile(path, 'sk-a-key-itself');
    await assert.rejects(
      start(),
      ({ message }: Error) =>
        /no such hash in line 1/.test(message) && !message.includes('sk-a-key'),
    );
    await rm(path);
    await folder.remove();
  });
});

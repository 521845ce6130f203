import assert from 'node:assert/strict';
import { isAbsolute } from 'node:path';
import { describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';

describe('settings of access', () => {
  const read: [Record<string, string>, keyof ReturnType<typeof loadSettings>, unknown][] = [
    [{ API_KEYS: 'sk-one, sk-two,' }, 'apiKeys', ['sk-one', 'sk-two']],
    [{ PUBLIC_PATHS: '/Docs,/metrics' }, 'publicPaths', ['/docs', '/metrics']],
    [{ PUBLIC_PATHS: 'none' }, 'publicPaths', []],
    [{ CORS_ORIGINS: 'HTTPS://App.example/' }, 'corsOrigins', ['https://app.example']],
    [{ CORS_ORIGINS: 'chrome-extension://abc' }, 'corsOrigins', ['chrome-extension://abc']],
    [{ CORS_ORIGINS: '*' }, 'corsOrigins', ['*']],
    [{ ALLOWED_HOSTS: 'Box.lan,[::1]' }, 'allowedHosts', ['box.lan', '::1']],
    [{ TRUST_PROXY: 'true' }, 'trustProxy', true],
    [{ TRUST_PROXY: 'off' }, 'trustProxy', false],
    [{ TRUST_PROXY: '1' }, 'trustProxy', 1],
    [{ TRUST_PROXY: 'loopback, 10.0.0.0/8' }, 'trustProxy', ['loopback', '10.0.0.0/8']],
    [{ QUEUE_URL: 'redis://:pw@10.0.0.1:6379/2' }, 'queueUrl', 'redis://:pw@10.0.0.1:6379/2'],
  ];
  for (const [env, field, expected] of read) {
    it(`read ${JSON.stringify(env)}`, () => {
      assert.deepEqual(loadSettings(env)[field], expected);
    });
  }

  it('make the path of the file of keys absolute', () => {
    const { apiKeysFile } = loadSettings({ API_KEYS_FILE: 'keys.txt' });
    assert.ok(apiKeysFile !== null && isAbsolute(apiKeysFile));
  });

  const refused: Record<string, string>[] = [
    { PUBLIC_PATHS: '/v1/audio/transcriptions' },
    { CORS_ORIGINS: 'app.example' },
    { CORS_ORIGINS: 'https://app.example/page' },
    { CORS_ORIGINS: 'null' },
    { ALLOWED_HOSTS: 'http://box.lan' },
    { ALLOWED_HOSTS: 'box.lan:8000' },
    { TRUST_PROXY: 'everybody' },
    { TRUST_PROXY: '10.0.0.0/33' },
    { TRUST_PROXY: '-1' },
    { RATE_LIMIT_REQUESTS: '1.5' },
    { MAX_CONCURRENT_REQUESTS: '0' },
  ];
  for (const env of refused) {
    it(`refuse ${JSON.stringify(env)}, saying what it held`, () => {
      const [[name, value] = []] = Object.entries(env);
      const problem = new RegExp(
        `${name} is ${JSON.stringify(value)}; expected `.replace('*', '.'),
      );
      assert.throws(() => loadSettings(env), problem);
    });
  }

  it('refuse a list that holds nothing: a server that was meant to have keys is not left open', () => {
    assert.throws(
      () => loadSettings({ API_KEYS: ' , ' }),
      /API_KEYS cannot be used; expected keys/,
    );
  });

  it('refuse secrets without repeating them', () => {
    for (const env of [{ API_KEYS: 'sëcret' }, { QUEUE_URL: 'http://user:secret@host' }]) {
      assert.throws(
        () => loadSettings(env),
        ({ message }: Error) => /cannot be used; expected/.test(message) && !/cret/.test(message),
      );
    }
  });
});

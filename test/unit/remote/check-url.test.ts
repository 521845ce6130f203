import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkUrl } from '#services/remote/check-url.js';

describe('an address in a request', () => {
  it('is refused when it cannot be used, with the field and the reason', () => {
    const reasons: Readonly<Record<string, RegExp>> = {
      'here.example/hook': /cannot be read as an address/,
      'ftp://example.com/': /starts with neither http:\/\/ nor https:\/\//,
      'https://user:secret@example.com/': /holds a user name or a password/,
      'http://127.0.0.1:9000/hook': /leads to this machine or into a private network/,
      'http://localhost/hook': /leads to this machine or into a private network/,
      'http://[::ffff:10.0.0.1]/hook': /leads to this machine or into a private network/,
    };
    for (const [url, message] of Object.entries(reasons)) {
      for (const param of ['url', 'webhook_url']) {
        const refused = { key: 'url_forbidden', status: 400, param, message };
        assert.throws(() => checkUrl(url, { param, allowPrivate: false }), refused);
      }
    }
  });

  it('may be private where that is allowed', () => {
    const url = 'http://127.0.0.1:9000/hook';
    assert.equal(checkUrl(` ${url}`, { param: 'webhook_url', allowPrivate: true }), url);
  });

  it('may be any name: what it leads to shows when it is used', () => {
    const url = 'https://no-such-name.example/hook?token=1';
    assert.equal(checkUrl(url, { param: 'webhook_url', allowPrivate: false }), url);
  });
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { createAddressGuard, type ResolveName } from '#services/remote/address-guard.js';
import { startRemoteServer } from '../../support/remote-server.js';

const guard = createAddressGuard({ allowPrivate: false });

describe('an address that somebody sent', () => {
  for (const url of [
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.01/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://①②⑦.⓪.⓪.①/',
    'http://0/',
    'http:\\\\127.0.0.1\\',
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://[::1]/',
    'http://[::]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[fd00:ec2::254]/',
    'https://localhost/',
    'https://LOCALHOST:8443/',
    'http://localhost./',
    'http://api.localhost/',
  ]) {
    it(`${url} is refused as private, and let through where private ones are allowed`, () => {
      assert.throws(() => guard.check(url), {
        name: 'ForbiddenAddressError',
        what: 'leads to this machine or into a private network',
      });
      createAddressGuard({ allowPrivate: true }).check(url);
    });
  }

  for (const url of [
    'file:///etc/passwd',
    'ftp://example.com/a.wav',
    'data:,x',
    'ws://example.com',
  ]) {
    it(`${url} is refused because of how it starts, also where private ones are allowed`, () => {
      for (const allowPrivate of [true, false]) {
        assert.throws(() => createAddressGuard({ allowPrivate }).check(url), {
          what: 'starts with neither http:// nor https://',
        });
      }
    });
  }

  it('is refused with a user name or a password', () => {
    for (const url of ['http://user@example.com/', 'https://:secret@example.com/']) {
      assert.throws(() => guard.check(url), { what: 'holds a user name or a password' });
    }
  });

  it('is refused when it is none', () => {
    for (const text of [
      '',
      'example.com/a.wav',
      '/a.wav',
      'http://',
      'http://[::1',
      'http://a b/',
    ]) {
      assert.throws(() => guard.check(text), { what: 'cannot be read as an address' });
    }
  });

  it('may have any port and name', () => {
    assert.equal(
      guard.check('http://example.com:8081/a?b=c').href,
      'http://example.com:8081/a?b=c',
    );
    assert.equal(guard.check(' HTTPS://Example.com ').href, 'https://example.com/');
    assert.equal(guard.check('http://8.8.8.8/').hostname, '8.8.8.8');
  });
});

describe('names that are connected to', () => {
  const connectTo = async (resolve: ResolveName, allowPrivate = false) => {
    const server = await startRemoteServer((_request, response) => response.end());
    try {
      const { lookup } = createAddressGuard({ allowPrivate, network: { resolve } });
      const socket = connect({ host: 'recordings.test', port: server.port, lookup });
      try {
        await once(socket, 'connect');
        return socket.remoteAddress;
      } finally {
        socket.destroy();
      }
    } finally {
      await server.close();
    }
  };
  const loopback = { address: '127.0.0.1', family: 4 };

  it('are refused when they mean a private address', async () => {
    await assert.rejects(
      connectTo(async () => [loopback]),
      { name: 'ForbiddenAddressError' },
    );
  });

  it('are refused when one of their addresses is private', async () => {
    const mixed = [{ address: '2606:4700:4700::1111', family: 6 }, loopback];
    await assert.rejects(
      connectTo(async () => mixed),
      { name: 'ForbiddenAddressError' },
    );
  });

  it('are asked for once, and what was judged is connected to', async () => {
    let asked = 0;
    const remote = await connectTo(async () => {
      asked += 1;
      return [loopback];
    }, true);
    assert.deepEqual({ remote, asked }, { remote: '127.0.0.1', asked: 1 });
  });

  it('fail as unknown when they have no address', async () => {
    await assert.rejects(
      connectTo(async () => []),
      { code: 'ENODATA' },
    );
  });

  it('are looked up by the system unless somebody else does it', async () => {
    const { lookup } = createAddressGuard({ allowPrivate: true });
    const address = await new Promise((resolve, reject) => {
      lookup('localhost', { all: false }, (error, found) =>
        error ? reject(error) : resolve(found),
      );
    });
    assert.match(String(address), /^(127\.0\.0\.1|::1)$/);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createHostRules, isLoopback } from '#src/access/host-rules.js';

function rulesFor(
  options: { boundHost?: string; allowedHosts?: string[]; corsOrigins?: string[] } = {},
) {
  const { boundHost = '127.0.0.1', allowedHosts = [], corsOrigins = [] } = options;
  return createHostRules({ boundHost, allowedHosts, corsOrigins, machineName: 'MyBox' });
}

describe('hosts that a server without keys answers to', () => {
  const own = [
    'localhost',
    'localhost:8000',
    'LocalHost.:8000',
    'app.localhost:8000',
    '127.0.0.1:8000',
    '127.1.2.3',
    '[::1]:8000',
    '[::ffff:127.0.0.1]:8000',
    undefined,
  ];
  for (const host of own) {
    it(`are this machine's own: ${host}`, () => assert.ok(rulesFor().allowsHost(host)));
  }

  const foreign = [
    'attacker.example',
    'attacker.example:8000',
    'localhost.attacker.example',
    '127.0.0.1.attacker.example',
    'notlocalhost',
    '192.168.1.5:8000',
    '10.0.0.1',
    '[2001:db8::1]:8000',
    'mybox',
    '',
    'localhost/@attacker.example',
    'user@localhost',
    'local host',
  ];
  for (const host of foreign) {
    it(`are no others: ${JSON.stringify(host)}`, () => assert.ok(!rulesFor().allowsHost(host)));
  }

  it('are what the server was bound to', () => {
    assert.ok(rulesFor({ boundHost: '192.168.1.5' }).allowsHost('192.168.1.5:8000'));
    assert.ok(!rulesFor({ boundHost: '192.168.1.5' }).allowsHost('192.168.1.6:8000'));
    assert.ok(rulesFor({ boundHost: 'Box.lan' }).allowsHost('box.lan:8000'));
  });

  it("are all addresses and the machine's name when the server is bound to every address", () => {
    for (const boundHost of ['0.0.0.0', '::']) {
      const rules = rulesFor({ boundHost });
      for (const host of ['192.168.1.5:8000', '[2001:db8::1]:8000', 'mybox:8000', 'MYBOX.local']) {
        assert.ok(rules.allowsHost(host), `${boundHost} refuses ${host}`);
      }
      assert.ok(!rules.allowsHost('attacker.example'), boundHost);
    }
  });

  it('are those that the operator names, or all', () => {
    assert.ok(rulesFor({ allowedHosts: ['whosaid'] }).allowsHost('whosaid:8000'));
    assert.ok(!rulesFor({ allowedHosts: ['whosaid'] }).allowsHost('evil.whosaid'));
    assert.ok(rulesFor({ allowedHosts: ['*'] }).allowsHost('attacker.example'));
  });
});

describe('origins whose pages may use the server', () => {
  it("are the server's own, whichever of its names was used, also behind TLS", () => {
    const rules = rulesFor();
    assert.ok(rules.allowsOrigin('http://localhost:8000', 'localhost:8000'));
    assert.ok(rules.allowsOrigin('https://gateway.example', 'gateway.example'));
    assert.ok(rules.allowsOrigin('https://gateway.example', 'gateway.example:443'));
    assert.ok(rules.allowsOrigin('http://[::1]:8000', '[::1]:8000'));
  });

  it('are no others: another host, another port, no origin at all', () => {
    const rules = rulesFor();
    for (const origin of [
      'https://attacker.example',
      'http://localhost:3000',
      'http://localhost',
      'null',
      'file://',
      'chrome-extension://localhost:8000',
      'nonsense',
    ]) {
      assert.ok(!rules.allowsOrigin(origin, 'localhost:8000'), origin);
    }
    assert.ok(!rules.allowsOrigin('http://localhost:8000', undefined));
  });

  it('are those that the operator names, or all', () => {
    const rules = rulesFor({ corsOrigins: ['https://app.example', 'chrome-extension://abc'] });
    assert.ok(rules.allowsOrigin('https://app.example', 'localhost:8000'));
    assert.ok(rules.allowsOrigin('chrome-extension://abc', 'localhost:8000'));
    assert.ok(!rules.allowsOrigin('https://app.example.attacker.example', 'localhost:8000'));
    assert.ok(rulesFor({ corsOrigins: ['*'] }).allowsOrigin('https://any.example', 'x'));
  });
});

it('addresses beyond this machine are not loopback', () => {
  for (const host of ['127.0.0.1', '::1', 'localhost']) assert.ok(isLoopback(host), host);
  for (const host of ['0.0.0.0', '::', '10.0.0.1', 'mybox']) assert.ok(!isLoopback(host), host);
});

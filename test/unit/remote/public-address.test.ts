import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isPublicAddress } from '#services/remote/public-address.js';

describe('public addresses', () => {
  for (const address of [
    '8.8.8.8',
    '93.184.216.34',
    '100.63.255.255',
    '172.32.0.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001:829::200e',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
  ]) {
    it(`${address} is one`, () => assert.equal(isPublicAddress(address), true));
  }

  const refused: Readonly<Record<string, readonly string[]>> = {
    'this machine': ['127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '::1', '::'],
    'a private network': ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1'],
    'a local network': ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'fec0::1'],
    'a shared network': ['100.64.0.1', '100.127.255.255'],
    'metadata of a cloud': ['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254'],
    'many receivers': ['224.0.0.1', '239.255.255.255', 'ff02::1', '255.255.255.255'],
    'nobody: it is reserved': [
      '240.0.0.1',
      '192.0.2.1',
      '198.18.0.1',
      '203.0.113.1',
      '2001:db8::1',
    ],
    'IPv4 inside IPv6 that is not public': [
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:10.0.0.1',
      '::127.0.0.1',
      '::ffff:0:127.0.0.1',
      '64:ff9b::127.0.0.1',
      '64:ff9b::a9fe:a9fe',
      '64:ff9b:1::10.0.0.1',
      '2002:7f00:1::',
      '2002:c0a8:101::1',
      '2001:0:7f00:1::',
    ],
    'nothing in use': ['4000::1', '100::1', '5f00::1'],
    'nothing at all': ['', 'localhost', '1.2.3', '300.1.1.1', '::g'],
  };
  for (const [whose, addresses] of Object.entries(refused)) {
    for (const address of addresses) {
      it(`${address || 'an empty text'} is none: ${whose}`, () =>
        assert.equal(isPublicAddress(address), false));
    }
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { claimIsTooLong } from '#services/audio/claimed-length.js';
import { type DecodeTally, reasonToRefuse } from '#services/audio/damage.js';
import { readWavClaim } from '#services/audio/wav-header.js';

const whole: DecodeTally = {
  seconds: 60,
  expectedSeconds: 60,
  packets: 3000,
  refusedPackets: 0,
  hasDamage: false,
  foundShare: 0.97,
};

describe('verdict on damaged recordings', () => {
  const tolerated: Record<string, Partial<DecodeTally>> = {
    'a whole recording': {},
    'one without any claim': { expectedSeconds: undefined, foundShare: undefined },
    'one cut off in the middle': { seconds: 30 },
    'one cut off after a tenth': { seconds: 6 },
    'one with a broken packet at either end': { refusedPackets: 2, packets: 3 },
    'one with a damaged stretch': { refusedPackets: 900, seconds: 42 },
  };
  for (const [name, change] of Object.entries(tolerated)) {
    it(`tolerates ${name}`, () => assert.equal(reasonToRefuse({ ...whole, ...change }), undefined));
  }

  const refused: Record<string, [change: Partial<DecodeTally>, reason: RegExp]> = {
    'no packets': [{ seconds: 0, packets: 0 }, /no audio samples/],
    'packets without samples': [{ seconds: 0 }, /none of its audio/],
    'mostly refused packets': [{ refusedPackets: 1600 }, /1600 of its 3000/],
    'a damaged end and under half of its length': [
      { seconds: 25, hasDamage: true },
      /25.0 of 60.0/,
    ],
    'refused packets and under half of its length': [
      { seconds: 25, refusedPackets: 3 },
      /25.0 of 60.0/,
    ],
    'under a twentieth of its length': [{ seconds: 2.9 }, /2.9 of 60.0/],
    'audio in little of its bytes': [{ expectedSeconds: undefined, foundShare: 0.1 }, /10 % of it/],
  };
  for (const [name, [change, reason]] of Object.entries(refused)) {
    it(`refuses a recording with ${name}`, () => {
      assert.match(reasonToRefuse({ ...whole, ...change }) ?? '', reason);
    });
  }
});

describe('claims of length', () => {
  it('refuses a claim beyond the limit that the file could hold', () => {
    assert.ok(claimIsTooLong({ claimedSeconds: 7200, fileBytes: 50e6, maxAudioSeconds: 3600 }));
  });

  it('leaves claims to decoding that are within the limit, missing, or impossible for the size', () => {
    const rest = { fileBytes: 50_000, maxAudioSeconds: 3600 };
    for (const claimedSeconds of [undefined, 3600, 67_000]) {
      assert.equal(claimIsTooLong({ ...rest, claimedSeconds }), false);
    }
  });

  it('reads a WAV header past chunks it does not know, and ignores placeholders', () => {
    const claim = (dataBytes: number): ReturnType<typeof readWavClaim> =>
      readWavClaim(wavHead(dataBytes));
    assert.deepEqual(claim(64_000), { dataBytes: 64_000, bytesPerSecond: 32_000 });
    for (const placeholder of [0, 0x7fff_f000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
      assert.equal(claim(placeholder), undefined);
    }
    assert.equal(readWavClaim(Buffer.from('ID3 and no wave')), undefined);
  });
});

/** RIFF, an odd-sized chunk of another program, fmt, data. */
function wavHead(dataBytes: number): Buffer {
  const chunk = (name: string, body: Buffer, bytes = body.length): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32LE(bytes);
    return Buffer.concat([Buffer.from(name), size, body, Buffer.alloc(body.length % 2)]);
  };
  const format = Buffer.alloc(16);
  format.writeUInt32LE(32_000, 8);
  return Buffer.concat([
    Buffer.from('RIFF\0\0\0\0WAVE'),
    chunk('LIST', Buffer.from('odd')),
    chunk('fmt ', format),
    chunk('data', Buffer.alloc(0), dataBytes),
  ]);
}

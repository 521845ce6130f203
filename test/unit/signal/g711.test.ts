import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import wavefile from 'wavefile';
import { decodeG711 } from '#utils/signal/g711.js';

const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/** The same bytes as another decoder reads them. */
function expected(law: 'mu' | 'a'): Int16Array {
  const wav = new wavefile.WaveFile();
  wav.fromScratch(1, 8000, law === 'mu' ? '8m' : '8a', everyByte);
  if (law === 'mu') wav.fromMuLaw();
  else wav.fromALaw();
  return Int16Array.from(wav.getSamples(false, Int16Array));
}

describe('telephone sound', () => {
  for (const law of ['mu', 'a'] as const)
    it(`in ${law}-law is read as another decoder reads it`, () => {
      assert.deepEqual(decodeG711(everyByte, law), expected(law));
    });

  it('is silent where the line is', () => {
    assert.deepEqual(decodeG711(Uint8Array.of(0xff, 0x7f), 'mu'), Int16Array.of(0, 0));
    assert.deepEqual(decodeG711(Uint8Array.of(0xd5, 0x55), 'a'), Int16Array.of(8, -8));
  });
});

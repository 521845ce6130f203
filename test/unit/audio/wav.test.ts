import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import wavefile from 'wavefile';
import { decodeWav, encodeWav } from '#services/audio/wav.js';
import { bestMatch } from '../../support/correlation.js';
import { fixturePcm } from '../../support/fixture-pcm.js';

describe('WAV files of our own', () => {
  const samples = fixturePcm('two-speakers-clean').subarray(0, 5 * 16_000);

  it('gives back the samples that were written', () => {
    assert.deepEqual(decodeWav(encodeWav(samples)), samples);
  });

  it('writes a plain header: 16 kHz, mono, 16 bits, 44 bytes', () => {
    const bytes = encodeWav(samples);
    const { sampleRate, numChannels, bitsPerSample } = new wavefile.WaveFile(bytes).fmt as Record<
      string,
      number
    >;
    assert.deepEqual(
      { sampleRate, numChannels, bitsPerSample },
      { sampleRate: 16_000, numChannels: 1, bitsPerSample: 16 },
    );
    assert.equal(bytes.length, 44 + samples.length * 2);
  });

  it('averages channels, and converts depth and rate', () => {
    const file = new wavefile.WaveFile();
    const quiet = samples.map((sample) => sample / 2);
    file.fromScratch(2, 16_000, '16', [samples, quiet]);
    file.toBitDepth('24');
    file.toSampleRate(48_000);
    const mono = decodeWav(file.toBuffer());
    assert.ok(Math.abs(mono.length - samples.length) < 160);
    assert.ok(bestMatch(samples, mono).correlation > 0.95);
  });

  it('throws on bytes that are no WAV file', () => {
    assert.throws(() => decodeWav(Buffer.from('not a wave')));
  });
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createAudioDecoder } from '#services/audio/decoder.js';
import type { AudioDecoder, DecodeOptions } from '#services/audio/types.js';
import { silentLogger } from '#utils/logging/logger.js';
import { bestMatch, envelopeMatch } from '../../support/correlation.js';
import { decodeAll } from '../../support/decoding.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { containerKinds, makeContainer } from '../../support/make-containers.js';
import { fixture, testFolder } from '../../support/paths.js';

const SECONDS = 20;
const LEAST_LOUDNESS_MATCH = 0.95;

describe('decoding of containers', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let decoder: AudioDecoder;
  const original = fixturePcm('two-speakers-clean').subarray(0, SECONDS * 16_000);

  before(async () => {
    folder = await testFolder();
    decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds: 3600 });
  });
  after(async () => {
    await decoder.dispose();
    await folder.remove();
  });

  for (const [index, kind] of containerKinds.entries()) {
    it(`decodes ${kind.name} to the same sound, length and time`, async () => {
      const own = join(folder.path, String(index));
      await mkdir(own);
      const path = await makeContainer(kind.name, own, original);
      const opened: Parameters<NonNullable<DecodeOptions['onOpen']>>[0][] = [];
      const { samples, seconds } = await decodeAll(decoder, path, {
        onOpen: (info) => opened.push(info),
      });

      assert.equal(opened.length, 1);
      assert.equal(opened[0]?.container, kind.container);
      assert.equal(opened[0]?.codec, kind.codec);
      assert.equal(opened[0]?.claimedSeconds !== undefined, kind.claimsDuration);
      assert.equal(samples.length / 16_000, seconds);
      const tolerance = kind.lossy ? 0.2 : 0.1;
      assert.ok(Math.abs(seconds - SECONDS) <= tolerance, `lasts ${seconds} s`);
      const { correlation, lagSeconds } = bestMatch(original, samples);
      assert.ok(correlation > kind.leastCorrelation, `correlation ${correlation}`);
      assert.ok(Math.abs(lagSeconds) <= 0.05, `shifted by ${lagSeconds} s`);
      const loudness = envelopeMatch(original, samples, lagSeconds);
      assert.ok(loudness > LEAST_LOUDNESS_MATCH, `loudness ${loudness}`);
    });
  }

  it('gives the very samples that a 16 kHz mono FLAC file holds, by its own checksum', async () => {
    const path = fixture('three-speakers-reverb');
    const { samples } = await decodeAll(decoder, path);
    const streamInfo = (await readFile(path)).subarray(8, 8 + 34);
    const digest = createHash('md5').update(new Uint8Array(samples.buffer)).digest('hex');
    assert.equal(digest, streamInfo.subarray(18).toString('hex'));
  });
});

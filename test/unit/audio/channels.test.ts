import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import wavefile from 'wavefile';
import { createAudioDecoder } from '#services/audio/decoder.js';
import type { AudioDecoder, Channel } from '#services/audio/types.js';
import { silentLogger } from '#utils/logging/logger.js';
import { bestMatch } from '../../support/correlation.js';
import { decodeAll } from '../../support/decoding.js';
import { encodeMedia, type MediaRecipe, type StereoSamples } from '../../support/encode-media.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { testFolder } from '../../support/paths.js';

const SECONDS = 12;
const SAMPLES = SECONDS * 16_000;
const both: readonly Channel[] = ['left', 'right'];

const stereo = (codec: string, sampleFormat: string, sampleRate: number) =>
  ({ codec, sampleFormat, sampleRate, channels: 2, bitRate: 128_000 }) as const;

/** How people and telephone systems store two channels. */
const kinds: Record<string, { recipe: MediaRecipe; lossless?: true }> = {
  wav: { recipe: { format: 'wav', audio: stereo('pcm_s16le', 's16', 16_000) }, lossless: true },
  'wav of a telephone system (mu-law, 8 kHz)': {
    recipe: { format: 'wav', audio: stereo('pcm_mulaw', 's16', 8000) },
  },
  flac: { recipe: { format: 'flac', audio: stereo('flac', 's16', 16_000) }, lossless: true },
  'mp3 (joint stereo)': { recipe: { format: 'mp3', audio: stereo('libmp3lame', 's16p', 44_100) } },
  m4a: { recipe: { format: 'ipod', audio: stereo('aac', 'fltp', 44_100) } },
  'ogg opus': { recipe: { format: 'ogg', audio: stereo('libopus', 's16', 48_000) } },
};

describe('channels of a recording', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let decoder: AudioDecoder;
  const voices: StereoSamples = {
    left: fixturePcm('two-speakers-clean').subarray(0, SAMPLES),
    right: fixturePcm('three-speakers-reverb').subarray(0, SAMPLES),
  };
  const oneSilent: StereoSamples = { left: voices.left, right: new Int16Array(SAMPLES) };

  before(async () => {
    folder = await testFolder();
    decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds: 3600 });
  });
  after(async () => {
    await decoder.dispose();
    await folder.remove();
  });

  async function channelsOf(source: Int16Array | StereoSamples, recipe: MediaRecipe) {
    const path = join(folder.path, `recording.${recipe.format}`);
    encodeMedia(path, source, recipe);
    const [left, right] = await Promise.all(
      both.map((channel) => decodeAll(decoder, path, { channel })),
    );
    assert.ok(left && right);
    assert.equal(left.seconds, right.seconds);
    return { left: left.samples, right: right.samples };
  }

  for (const [name, { recipe, lossless }] of Object.entries(kinds)) {
    it(`are each decoded alone, as they went in: ${name}`, async () => {
      const decoded = await channelsOf(voices, recipe);
      for (const [own, other] of [both, both.toReversed()] as [Channel, Channel][]) {
        const { correlation } = bestMatch(voices[own], decoded[own]);
        assert.ok(correlation > 0.9, `${own} is its own: ${correlation}`);
        const foreign = bestMatch(voices[other], decoded[own]).correlation;
        assert.ok(foreign < 0.15, `${own} is nothing of the other: ${foreign}`);
        // Some encoders keep a last, incomplete frame to themselves.
        const kept = voices[own].subarray(0, decoded[own].length);
        if (lossless) assert.ok(bytesOf(decoded[own]).equals(bytesOf(kept)));
      }
    });

    it(`do not reach a silent one: ${name}`, async () => {
      const { left, right } = await channelsOf(oneSilent, recipe);
      assert.ok(rootMeanSquare(left) > 500);
      // 50 dB below: a codec may bleed a little.
      const bleeding = rootMeanSquare(right) / rootMeanSquare(left);
      assert.ok(bleeding < 0.003, `${bleeding}`);
    });
  }

  it('are mixed when none is asked for', async () => {
    const path = join(folder.path, 'mixed.wav');
    const { recipe } = kinds.wav as { recipe: MediaRecipe };
    encodeMedia(path, oneSilent, recipe);
    const { samples } = await decodeAll(decoder, path);
    assert.ok(bestMatch(voices.left, samples).correlation > 0.99);
    const share = rootMeanSquare(samples) / rootMeanSquare(voices.left);
    assert.ok(Math.abs(share - 0.5) < 0.01, `${share}`);
  });

  const notStereo: Record<string, [channels: number, received: RegExp]> = {
    'a mono recording': [1, /received one\./],
    'surround sound': [6, /received 6\./],
    'four microphones': [4, /received 4\./],
  };
  for (const [name, [channels, received]] of Object.entries(notStereo)) {
    it(`are refused for ${name}, whichever is asked for`, async () => {
      const path = join(folder.path, `${channels}.wav`);
      const wav = new wavefile.WaveFile();
      const { left } = voices;
      wav.fromScratch(channels, 16_000, '16', channels === 1 ? left : Array(channels).fill(left));
      await writeFile(path, wav.toBuffer());
      for (const channel of both) {
        await assert.rejects(decodeAll(decoder, path, { channel }), {
          key: 'channels_not_stereo',
          message: received,
        });
      }
      assert.equal((await decodeAll(decoder, path)).seconds, SECONDS);
    });
  }

  it('are refused for what holds no audio as without a channel', async () => {
    const path = join(folder.path, 'text.wav');
    await writeFile(path, 'two cans and a string');
    await assert.rejects(decodeAll(decoder, path, { channel: 'left' }), {
      key: 'audio_unreadable',
    });
  });
});

function bytesOf({ buffer, byteOffset, byteLength }: Int16Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function rootMeanSquare(samples: Int16Array): number {
  return Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
}

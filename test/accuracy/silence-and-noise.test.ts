import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { encodeWav } from '#services/audio/wav.js';
import { type OpenPipeline, openPipeline } from '../../bench/support/open-pipeline.js';
import { soundsWithoutSpeech } from './sounds.js';

describe('a recording without speech', () => {
  let pipeline: OpenPipeline;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whosaid-accuracy-'));
    pipeline = await openPipeline();
  });
  after(async () => {
    await pipeline?.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { name, samples } of soundsWithoutSpeech()) {
    it(`gives an empty transcript of the right length when it is ${name}`, async () => {
      const path = join(folder, 'sound.wav');
      await writeFile(path, encodeWav(samples));

      const { text, segments, duration } = await pipeline.transcribe(path);

      assert.equal(text, '');
      assert.deepEqual(segments, []);
      assert.equal(duration, samples.length / SAMPLE_RATE);
    });
  }
});

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { encodeWav } from '#services/audio/wav.js';
import { makeNoise, mix } from '../../bench/enhance/noises.js';
import { readReference } from '../../bench/scoring/references.js';
import { scoreWords } from '../../bench/scoring/word-starts.js';
import { type OpenPipeline, openPipeline } from '../../bench/support/open-pipeline.js';
import { DENOISER_MODEL, denoiserDir, modelsWithDenoiser } from '../support/denoiser-model.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { fixture, testFolder } from '../support/paths.js';

const skip = denoiserDir() === undefined && 'GTCRN is not on this machine';

describe('speech that is as loud as the hiss under it', { skip }, () => {
  let pipeline: OpenPipeline;
  let models: Awaited<ReturnType<typeof modelsWithDenoiser>>;
  let folder: Awaited<ReturnType<typeof testFolder>>;

  before(async () => {
    models = await modelsWithDenoiser();
    folder = await testFolder();
    pipeline = await openPipeline({ modelsDir: models?.path ?? '' });
  });
  after(async () => {
    await pipeline.close();
    await folder.remove();
    await models?.remove();
  });

  it('is understood better when the hiss is taken away', async () => {
    const { turns } = readReference(fixture('two-speakers-clean', 'json'));
    const speech = fixturePcm('two-speakers-clean');
    const noise = makeNoise('hiss', { length: speech.length, speech });
    const path = join(folder.path, 'noisy.wav');
    await writeFile(path, encodeWav(mix(speech, { noise, decibels: 0, isSpeech: () => true })));
    const wordErrorRate = async (options: Parameters<OpenPipeline['transcribe']>[1]) => {
      const { segments } = await pipeline.transcribe(path, options);
      return scoreWords(
        turns,
        segments.flatMap(({ words }) => words),
      ).words.rate;
    };
    const plain = await wordErrorRate({});
    const enhance = { kind: 'denoise', model: DENOISER_MODEL, for: 'asr' } as const;
    const enhanced = await wordErrorRate({ enhance });
    assert.ok(enhanced < 0.85 * plain, `${enhanced} against ${plain}`);
  });
});

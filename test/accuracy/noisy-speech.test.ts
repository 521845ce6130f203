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

  /** Of all recordings together: one of a minute has too few words for a ratio. */
  const wordErrors = async (options: Parameters<OpenPipeline['transcribe']>[1]) => {
    let errors = 0;
    for (const name of ['two-speakers-clean', 'three-speakers-reverb'] as const) {
      const speech = fixturePcm(name);
      const noise = makeNoise('hiss', { length: speech.length, speech });
      const path = join(folder.path, `${name}.wav`);
      await writeFile(path, encodeWav(mix(speech, { noise, decibels: 0, isSpeech: () => true })));
      const { segments } = await pipeline.transcribe(path, options);
      const { turns } = readReference(fixture(name, 'json'));
      const { words } = scoreWords(
        turns,
        segments.flatMap((segment) => segment.words),
      );
      errors += words.substitutions + words.deletions + words.insertions;
    }
    return errors;
  };

  it('is understood better when the hiss is taken away', async () => {
    const plain = await wordErrors({});
    const enhance = { kind: 'denoise', model: DENOISER_MODEL, for: 'asr' } as const;
    const enhanced = await wordErrors({ enhance });
    assert.ok(enhanced < 0.85 * plain, `${enhanced} words against ${plain}`);
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { createModelStore, type ModelStore } from '#services/model-manager/store.js';
import {
  chooseEnhancement,
  type EnhanceSettings,
  enhanceProblems,
} from '#src/choose-enhancement.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { DENOISER_MODEL, denoiserDir, installDenoiser } from '../../support/denoiser-model.js';
import { testFolder } from '../../support/paths.js';
import { modelEntry, recogniserEntry, writeCatalogue } from '../../support/test-catalogue.js';

const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));
const settings: EnhanceSettings = {
  enhance: 'none',
  enhanceFor: 'asr',
  vocalSeparation: false,
  denoiseModel: null,
  vocalsModel: null,
};

describe('which enhancement a request gets', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let store: ModelStore;
  const skip = denoiserDir() === undefined && 'GTCRN is not on this machine';

  before(async () => {
    folder = await testFolder();
    await installDenoiser(folder.path);
    store = createModelStore({ catalogue, modelsDir: folder.path });
  });
  after(() => folder.remove());

  const choose = (
    wishes: Parameters<typeof chooseEnhancement>[0],
    own: Partial<EnhanceSettings> = {},
  ) => chooseEnhancement(wishes, { catalogue, store, settings: { ...settings, ...own } });

  it('is none where nobody asks for it', async () => {
    assert.equal(await choose({}), undefined);
    assert.equal(await choose({ for: 'both' }), undefined);
    assert.equal(await choose({ enhance: 'none' }, { enhance: 'denoise' }), undefined);
    assert.equal(await choose({ enhance: 'none' }, { vocalSeparation: true }), undefined);
  });

  it('is what the operator wants where the request says nothing', { skip }, async () => {
    const both = await choose({}, { enhance: 'denoise', enhanceFor: 'both' });
    assert.deepEqual(both, { kind: 'denoise', model: DENOISER_MODEL, for: 'both' });
    const own = await choose({ for: 'asr' }, { enhance: 'denoise', enhanceFor: 'both' });
    assert.equal(own?.for, 'asr');
  });

  it('is refused with the command that fetches a model where none is installed', async () => {
    const refused = (pull: RegExp) => (error: unknown) =>
      error instanceof WhosaidError &&
      error.key === 'enhancement_not_installed' &&
      error.status === 400 &&
      pull.test(error.message);
    await assert.rejects(choose({ enhance: 'vocals' }), refused(/models pull [a-z0-9.-]+/));
    await assert.rejects(
      choose({}, { vocalSeparation: true, enhance: 'denoise' }),
      refused(/vocals/),
    );
    await assert.rejects(
      choose({ enhance: 'denoise' }, { denoiseModel: 'dpdfnet2' }),
      refused(/models pull dpdfnet2/),
    );
  });

  it('is refused where the catalogue has no model for it', async () => {
    const vad = modelEntry('vad', [
      { path: 'a.onnx', bytes: 1, sources: [{ kind: 'bundled', path: 'b/a.onnx' }] },
    ]);
    const small = await writeCatalogue(join(folder.path, 'small'), [vad, recogniserEntry(['vad'])]);
    await assert.rejects(
      chooseEnhancement({ enhance: 'denoise' }, { catalogue: small, store, settings }),
      (error) => error instanceof WhosaidError && error.key === 'enhancement_unavailable',
    );
  });

  it('is said to be impossible at the start where a setting names another kind of model', () => {
    assert.deepEqual(enhanceProblems(settings, catalogue), []);
    const [problem = '', ...more] = enhanceProblems(
      { ...settings, denoiseModel: 'spleeter-2stems', vocalsModel: 'spleeter-2stems' },
      catalogue,
    );
    assert.match(
      problem,
      /DENOISE_MODEL is "spleeter-2stems"; expected one of gtcrn-simple, dpdfnet/,
    );
    assert.deepEqual(more, []);
  });
});

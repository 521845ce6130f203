import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { type Catalogue, loadCatalogue } from '#services/model-manager/catalogue.js';
import type { ModelStore } from '#services/model-manager/store.js';
import { familyModel } from '#src/legacy/family-model.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { testFolder } from '../../support/paths.js';
import {
  fileEntry,
  modelEntry,
  recogniserEntry,
  writeCatalogue,
} from '../../support/test-catalogue.js';

const MODELS = [
  ['parakeet-tdt-1.1b', 'parakeet'],
  ['parakeet-tdt-0.6b-v3', 'parakeet'],
  ['canary-1b-v2', 'nemo-attention'],
  ['parrot-large', 'parrot'],
] as const;

/** A catalogue, and a store with these of its models. */
const storeOf = (catalogue: Catalogue, installed: readonly string[]) => ({
  catalogue,
  store: {
    isInstalled: async (id: string) => installed.includes(id),
    list: async () =>
      catalogue.entries.map((entry) => ({ entry, installed: installed.includes(entry.id) })),
  } as ModelStore,
});

describe('a name of a family of models', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let catalogue: Catalogue;
  before(async () => {
    folder = await testFolder();
    const file = fileEntry('model.onnx', Buffer.from('x'), [
      { kind: 'bundled', path: 'bundled/model.onnx' },
    ]);
    catalogue = await writeCatalogue(folder.path, [
      modelEntry('any-vad', [file]),
      recogniserEntry(['any-vad']),
      ...MODELS.map(([id, family]) =>
        modelEntry(id, [file], { task: 'asr', family, languages: ['en'], requires: ['any-vad'] }),
      ),
      modelEntry('parakeet-vad', [file], { family: 'parakeet' }),
    ]);
  });
  after(() => folder.remove());

  const modelFor = (
    name: string,
    installed: readonly string[],
    aliases: ReadonlyMap<string, string> = new Map(),
  ) => familyModel(name, { ...storeOf(catalogue, installed), aliases });

  it('means the first of its models in the catalogue that is installed', async () => {
    const all = MODELS.map(([id]) => id);
    assert.equal(await modelFor('parakeet', all), 'parakeet-tdt-1.1b');
    assert.equal(await modelFor(' Parakeet ', all.slice(1)), 'parakeet-tdt-0.6b-v3');
    assert.equal(await modelFor('canary', all), 'canary-1b-v2');
  });

  it('means no model of another family, and says what to fetch and what there is', async () => {
    for (const [name, model] of [
      ['parakeet', 'parakeet-tdt-1.1b'],
      ['canary', 'canary-1b-v2'],
    ] as const) {
      await assert.rejects(
        modelFor(name, ['recogniser', 'parrot-large', 'parakeet-vad']),
        (error) => {
          assert.ok(error instanceof WhosaidError);
          assert.equal(error.key, 'model_family_missing');
          assert.deepEqual(error.params, {
            family: name,
            model,
            installed: 'recogniser, parrot-large',
          });
          return true;
        },
      );
    }
  });

  it("prefers, of the project's own catalogue, more languages, then what is newer, and a licence for any use", async () => {
    const project = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));
    const best = (name: string, ...installed: string[]) =>
      familyModel(name, { ...storeOf(project, installed), aliases: new Map() });
    assert.equal(
      await best('parakeet', 'parakeet-ctc-1.1b', 'parakeet-tdt-1.1b', 'parakeet-tdt-0.6b-v3'),
      'parakeet-tdt-0.6b-v3',
    );
    assert.equal(
      await best('parakeet', 'parakeet-ctc-1.1b', 'parakeet-tdt-0.6b-v2'),
      'parakeet-tdt-0.6b-v2',
    );
    assert.equal(await best('parakeet', 'parakeet-ctc-1.1b', 'gigaam-v3-ru'), 'parakeet-ctc-1.1b');
    assert.equal(await best('canary', 'canary-1b', 'canary-180m-flash'), 'canary-180m-flash');
    assert.equal(await best('canary', 'canary-1b', 'canary-1b-v2'), 'canary-1b-v2');
    assert.equal(await best('canary', 'canary-1b'), 'canary-1b');
    // Canary 1B v2 comes first but is published by nobody.
    await assert.rejects(best('canary', 'whisper-base'), /models pull canary-180m-flash/);
  });

  it('takes a model of the operator as well, after those of the catalogue', async () => {
    const file = join(folder.path, 'custom.json');
    const models = [{ id: 'custom:parakeet-de', like: 'parakeet-tdt-0.6b-v3', folder: 'ours' }];
    await writeFile(file, JSON.stringify({ models }));
    const own = loadCatalogue(join(folder.path, 'catalogue.json'), { modelsDir: folder.path });
    const best = (...installed: string[]) =>
      familyModel('parakeet', { ...storeOf(own, installed), aliases: new Map() });
    assert.equal(await best('custom:parakeet-de'), 'custom:parakeet-de');
    assert.equal(await best('custom:parakeet-de', 'parakeet-tdt-1.1b'), 'parakeet-tdt-1.1b');
  });

  it('is left to the operator who gave it to another model, and any other id to the request', async () => {
    const aliases = new Map([['canary', 'recogniser']]);
    assert.equal(await modelFor('canary', [], aliases), 'canary');
    for (const id of ['whisper-1', 'parrot', 'parakeet-tdt-1.1b', 'constructor']) {
      assert.equal(await modelFor(id, []), id);
    }
  });
});

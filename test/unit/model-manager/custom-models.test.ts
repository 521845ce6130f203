import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { type Catalogue, loadCatalogue } from '#services/model-manager/catalogue.js';
import { speechHostSpec } from '#services/model-manager/host-specs.js';
import { createModelStore, type ModelStore } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { testFolder } from '../../support/paths.js';

const LIKE = { id: 'custom:ours', like: 'parakeet-tdt-0.6b-v3', folder: 'ours' };
const OWN = {
  id: 'custom:dutch',
  family: 'zipformer',
  folder: 'dutch',
  files: ['encoder.bin', 'tokens.txt'],
  languages: ['nl'],
  capabilities: { wordTimes: true, punctuation: false },
  limits: { maxSegmentSeconds: 20 },
};

describe("models of the operator's own", () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  beforeEach(async () => {
    folder = await testFolder();
  });
  afterEach(() => folder.remove());

  const modelsDir = () => folder.path;
  const project = () =>
    loadCatalogue(join(projectRoot, 'models', 'catalogue.json'), { modelsDir: modelsDir() });
  const write = (json: unknown) =>
    writeFile(
      join(modelsDir(), 'custom.json'),
      typeof json === 'string' ? json : JSON.stringify(json),
    );
  const put = async (model: string, files: Readonly<Record<string, string>>) => {
    await mkdir(join(modelsDir(), model), { recursive: true });
    for (const [name, text] of Object.entries(files))
      await writeFile(join(modelsDir(), model, name), text);
  };
  const storeOf = (catalogue: Catalogue): ModelStore =>
    createModelStore({ catalogue, modelsDir: modelsDir() });

  it('are none where there is no file of them', () => {
    const { entries, customProblems } = project();
    assert.deepEqual(customProblems, []);
    assert.ok(entries.every(({ id }) => !id.startsWith('custom:')));
  });

  it('are what a model of the catalogue is, but for what they say themselves', async () => {
    await write({ models: [{ ...LIKE, languages: ['de'], capabilities: { hotwords: false } }] });
    const catalogue = project();
    const own = catalogue.entryOf('custom:ours');
    const like = catalogue.entryOf(LIKE.like);
    assert.deepEqual(own.languages, ['de']);
    assert.deepEqual(own.capabilities, { ...like.capabilities, hotwords: false });
    assert.deepEqual(own.limits, like.limits);
    assert.equal(own.family, 'nemo-transducer');
    assert.equal(own.folder, join(modelsDir(), 'ours'));
    assert.deepEqual(
      own.files.map(({ path }) => path),
      like.files.map(({ path }) => path),
    );
    assert.ok(
      own.files.every(({ sha256, sources }) => sha256 === undefined && sources.length === 0),
    );
  });

  it('keep the notice of the licence of the one they are like', async () => {
    await write({ models: [{ ...LIKE, like: 'canary-1b' }] });
    const own = project().entryOf('custom:ours');
    assert.match(own.notice ?? '', /commercially/);
    assert.equal(own.licence, 'CC-BY-NC-4.0');
  });

  it('are installed when their files are there, pinned, and handed to the engine with their folder', async () => {
    await write({ models: [OWN] });
    const catalogue = project();
    const store = storeOf(catalogue);
    assert.equal(await store.isInstalled('custom:dutch'), false);
    await put('dutch', { 'encoder.bin': 'weights', 'tokens.txt': 'a 0\n' });
    // Without a restart.
    assert.equal(await store.isInstalled('custom:dutch'), true);
    const { engine } = await speechHostSpec(catalogue.entryOf('custom:dutch'), {
      catalogue,
      store: { isInstalled: async () => true, path: (id) => store.path(id) },
      threads: 1,
      tempDir: modelsDir(),
    });
    assert.equal(engine.family, 'zipformer');
    assert.equal(engine.modelDir, join(modelsDir(), 'dutch'));
    assert.deepEqual(engine.modelFiles, OWN.files);
    await put('dutch', { 'tokens.txt': 'b 0\n' });
    assert.equal(await storeOf(catalogue).isInstalled('custom:dutch'), false);
    await assert.rejects(
      store.pull('custom:dutch'),
      fails('model_by_hand', /tokens\.txt is wrong/, /delete pins\.json/),
    );
    await rm(join(modelsDir(), 'dutch', 'pins.json'));
    assert.equal(await storeOf(catalogue).isInstalled('custom:dutch'), true);
  });

  it('whose files are missing are told of with the folder, and by a pull', async () => {
    await write({ models: [OWN] });
    await put('dutch', { 'tokens.txt': 'a 0\n' });
    const catalogue = project();
    assert.equal(catalogue.customProblems.length, 1);
    assert.match(catalogue.customProblems[0] ?? '', /"custom:dutch".*dutch lacks encoder\.bin/);
    const store = storeOf(catalogue);
    assert.equal(await store.isInstalled('custom:dutch'), false);
    await assert.rejects(
      store.pull('custom:dutch'),
      fails('model_by_hand', /encoder\.bin is missing/, /custom\.json/, /\/dutch/),
    );
    assert.equal((await store.verify('custom:dutch')).ok, false);
  });

  it('that are wrong are left out, each with its reason, and the others stay', async () => {
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      [
        { ...OWN, id: 'custom:a', family: 'zipfromer' },
        /family is "zipfromer"; expected one of .*zipformer/,
      ],
      [
        { ...LIKE, id: 'custom:b', like: 'parakeet' },
        /like is "parakeet"; expected one of .*parakeet-tdt/,
      ],
      [{ ...LIKE, id: 'custom:c', like: 'silero-vad' }, /like is "silero-vad"/],
      [{ id: 'custom:d', family: 'zipformer', folder: 'd' }, /"family" and "files", or "like"/],
      [{ ...LIKE, id: 'dutch' }, /id: expected "custom:"/],
      [{ ...OWN, id: 'custom:e', files: ['../secret'] }, /files\[0\]: expected a relative path/],
      [
        { ...OWN, id: 'custom:f', languages: ['dutch'] },
        /languages\[0\]: expected an ISO 639 code/,
      ],
      [{ ...OWN, id: 'custom:g', capabilities: { wordtimes: true } }, /capabilities/],
      [{ ...OWN, id: 'custom:h', wordTimes: true }, /wordTimes/],
      [{ id: 'custom:i', like: LIKE.like }, /folder/],
      [OWN, /used twice/],
      ['custom:j', /expected object/],
    ];
    await put('dutch', { 'encoder.bin': 'weights', 'tokens.txt': 'a 0\n' });
    await write({ models: [OWN, ...wrong.map(([model]) => model)] });
    const { entries, customProblems, defaultAsr } = project();
    assert.equal(defaultAsr.id, 'moonshine-base-en');
    const own = entries.filter(({ id }) => id.startsWith('custom:')).map(({ id }) => id);
    assert.deepEqual(own, ['custom:dutch']);
    for (const [model, reason] of wrong)
      assert.ok(
        customProblems.some((problem) => reason.test(problem)),
        `${JSON.stringify(model)}: ${customProblems.join('\n')}`,
      );
    assert.equal(
      customProblems.filter((problem) => /is left out/.test(problem)).length,
      wrong.length,
    );
  });

  it('in a file that cannot be read are none, with the reason', async () => {
    for (const [text, reason] of [
      ['{"models": [', /custom\.json cannot be read: .*JSON/],
      ['{"model": []}', /custom\.json: .*models/],
      ['[]', /custom\.json: .*expected object/],
    ] as const) {
      await write(text);
      const { customProblems, entries } = project();
      assert.equal(customProblems.length, 1);
      assert.match(customProblems[0] ?? '', reason);
      assert.match(customProblems[0] ?? '', /until that is corrected/);
      assert.ok(entries.length > 10);
    }
    await rm(join(modelsDir(), 'custom.json'));
    await mkdir(join(modelsDir(), 'custom.json'));
    assert.match(project().customProblems[0] ?? '', /EISDIR/);
  });

  it('are as the documentation shows them', async () => {
    const page = await readFile(join(projectRoot, 'docs', 'converting-models.md'), 'utf8');
    const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, text]) => text ?? '');
    assert.equal(examples.length, 2);
    for (const example of examples) {
      await write(example);
      const { entries, customProblems } = project();
      assert.equal(entries.filter(({ id }) => id.startsWith('custom:')).length, 1);
      assert.deepEqual(
        customProblems.filter((problem) => !problem.includes(' lacks ')),
        [],
      );
    }
  });
});

const fails =
  (key: WhosaidError['key'], ...messages: readonly RegExp[]) =>
  (error: unknown) => {
    assert.ok(error instanceof WhosaidError, String(error));
    assert.equal(error.key, key, error.message);
    for (const message of messages) assert.match(error.message, message);
    return true;
  };

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import {
  fileEntry,
  modelEntry,
  recogniserEntry,
  writeCatalogue,
} from '../../support/test-catalogue.js';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whosaid-catalogue-'));
});
after(() => rm(folder, { recursive: true }));

const content = Buffer.from('weights');
const source = { kind: 'https', url: 'https://models.example/weights' };
const vad = (more = {}) => modelEntry('vad', [fileEntry('vad.onnx', content, [source])], more);
const npmSource = (more = {}) => ({
  kind: 'npm',
  package: 'a-package@1.0.0',
  integrity: `sha512-${'A'.repeat(86)}==`,
  tarballBytes: 10,
  file: 'dist/vad.onnx',
  ...more,
});

async function problemsOf(models: readonly Record<string, unknown>[]): Promise<string> {
  try {
    await writeCatalogue(folder, models);
  } catch (error) {
    assert.ok(error instanceof WhosaidError && error.key === 'model_catalogue_invalid');
    return error.message;
  }
  return '';
}

describe("the project's catalogue", () => {
  const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));

  it('is valid, and its default recogniser needs the voice activity detector', () => {
    assert.equal(catalogue.defaultAsr.id, 'moonshine-base-en');
    const needed = catalogue.withRequirements(['moonshine-base-en']).map(({ id }) => id);
    assert.deepEqual(needed, ['silero-vad', 'moonshine-base-en']);
  });

  it('lists a requirement of several models once', () => {
    const needed = catalogue.withRequirements([
      'moonshine-base-en',
      'silero-vad',
      'moonshine-tiny-en',
    ]);
    assert.deepEqual(
      needed.map(({ id }) => id),
      ['silero-vad', 'moonshine-base-en', 'moonshine-tiny-en'],
    );
  });

  it('has one model for each of what does not depend on the recogniser', () => {
    assert.equal(catalogue.forTask('vad')?.id, 'silero-vad');
    assert.equal(catalogue.forTask('speaker-segmentation')?.id, 'segmentation-3.0');
    assert.equal(catalogue.forTask('speaker-embedding')?.id, 'campplus-zh-en-advanced');
  });

  it('names what it knows when asked for something else', () => {
    assert.throws(() => catalogue.withRequirements(['whisper-9']), /no 'whisper-9'.*silero-vad/);
  });
});

describe('a catalogue', () => {
  it('gives the default model of a task, else the first, else none', async () => {
    const of = (id: string, more = {}) => {
      const file = fileEntry(`${id}.onnx`, content, [source]);
      return modelEntry(id, [file], { task: 'speaker-embedding', ...more });
    };
    const others = [vad(), recogniserEntry(['vad'])];
    const forTask = async (...models: Record<string, unknown>[]) =>
      (await writeCatalogue(folder, [...others, ...models])).forTask('speaker-embedding')?.id;
    assert.equal(await forTask(of('one'), of('two')), 'one');
    assert.equal(await forTask(of('one'), of('two', { default: true })), 'two');
    assert.equal(await forTask(), undefined);
  });
});

describe('a wrong catalogue', () => {
  it('is accepted when nothing is wrong with it', async () => {
    assert.equal(await problemsOf([vad(), recogniserEntry(['vad'])]), '');
  });

  it('has all problems of its fields reported at once, each with its place', async () => {
    const wrong = vad({ id: 'Bad Id', languages: ['english'], licence: '', surprise: 1 });
    const message = await problemsOf([wrong, recogniserEntry(['vad'])]);
    assert.match(message, /4 problem\(s\)/);
    for (const place of [
      /models\[0\]\.id:/,
      /models\[0\]\.languages\[0\]:/,
      /models\[0\]\.licence:/,
      /surprise/,
    ])
      assert.match(message, place);
  });

  it('has all problems between its entries reported at once', async () => {
    const message = await problemsOf([
      vad({ bytes: 1 }),
      vad(),
      recogniserEntry(['missing'], { default: false }),
    ]);
    assert.match(message, /the id "vad" is used twice/);
    assert.match(message, /bytes is 1, but its files add up to 7/);
    assert.match(message, /requires "missing", which is not in the catalogue/);
    assert.match(message, /must require a voice activity detector/);
    assert.match(message, /expected one recogniser with "default": true, found 0/);
  });

  it('must say where each file comes from, or how it is made, and not both', async () => {
    const nowhere = await problemsOf([
      modelEntry('vad', [fileEntry('vad.onnx', content, [])]),
      recogniserEntry(['vad']),
    ]);
    assert.match(
      nowhere,
      /model "vad": the file "vad\.onnx" has no source; expected one, or "conv/,
    );
    const both = await problemsOf([vad({ conversion: 'Run it.' }), recogniserEntry(['vad'])]);
    assert.match(both, /"vad\.onnx" has a source, but "conversion" says that nobody publishes it/);
  });

  it('may not allow segments longer than what a model takes', async () => {
    const limited = (limits: Record<string, number>) =>
      problemsOf([vad(), recogniserEntry(['vad'], { limits })]);
    assert.match(await limited({ inputSeconds: 400 }), /maxSegmentSeconds is absent; expected at/);
    assert.match(await limited({ inputSeconds: 20, maxSegmentSeconds: 30 }), /is 30; expected at/);
    assert.equal(await limited({ inputSeconds: 40, maxSegmentSeconds: 30 }), '');
  });

  it('may not misspell a field, a capability or a way of testing', async () => {
    const message = await problemsOf([
      vad({ tested: 'yes', linsk: {}, capabilities: { wordtimes: true } }),
      recogniserEntry(['vad']),
    ]);
    for (const wrong of [/models\[0\]\.tested:/, /"linsk"/, /capabilities: .*"wordtimes"/])
      assert.match(message, wrong);
  });

  it('may not reach outside its folders', async () => {
    for (const path of ['../x', '/etc/x', 'a/../b', 'a\\b', '.hidden'])
      assert.match(
        await problemsOf([modelEntry('vad', [fileEntry(path, content, [source])])]),
        /expected a relative path/,
      );
  });

  it('may not fetch over plain http from another machine, nor a range of versions', async () => {
    const http = { kind: 'https', url: 'http://models.example/x' };
    const ranged = npmSource({ package: 'a-package@^1.0.0' });
    const message = await problemsOf([
      modelEntry('vad', [fileEntry('vad.onnx', content, [http, ranged])]),
    ]);
    assert.match(message, /sources\[0\]\.url: expected an https URL/);
    assert.match(message, /expected name@version with an exact version/);
  });

  it('may not give one package two integrities', async () => {
    const other = npmSource({ integrity: `sha512-${'B'.repeat(86)}==` });
    const file = fileEntry('vad.onnx', content, [npmSource(), other]);
    assert.match(
      await problemsOf([modelEntry('vad', [file]), recogniserEntry(['vad'])]),
      /"a-package@1.0.0" has two different integrities/,
    );
  });

  it('is reported with its path when it is not JSON or not there', async () => {
    const path = join(folder, 'broken.json');
    await writeFile(path, '{"version": 1,');
    assert.throws(() => loadCatalogue(path), /broken\.json has 1 problem/);
    assert.throws(() => loadCatalogue(join(folder, 'none.json')), /none\.json.*ENOENT/s);
  });
});

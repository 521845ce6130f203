import assert from 'node:assert/strict';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { tinyEngine, tinyModelCopy, tone } from '../../../support/tiny-models.js';

describe('Qwen3-ASR', () => {
  const options = { family: 'qwen3-asr', name: 'qwen3-asr' };

  it('gives words, which share the time in which there is sound', async () => {
    const engine = await tinyEngine(options);
    const [result] = await engine.recognise([tone()], {});
    assert.equal(result?.text, 'Hello world é.');
    const words = result?.words ?? [];
    assert.deepEqual(
      words.map(({ text }) => text),
      ['Hello', 'world', 'é.'],
    );
    assert.ok(Math.abs((words[0]?.start ?? 0) - 0.5) < 0.05);
    assert.ok(Math.abs((words[2]?.end ?? 0) - 2.5) < 0.05);
  });

  it('is left to hear the language itself unless one is asked for', async () => {
    const engine = await tinyEngine({ ...options, languages: ['de', 'fr'] });
    for (const [call, text] of [
      [{}, 'Hello world é.'],
      [{ languages: ['de', 'fr'] }, 'Hello world é.'],
      [{ languages: ['de'] }, 'Hallo world é.'],
    ] as const) {
      const [result] = await engine.recognise([tone()], call);
      assert.equal(result?.text, text, JSON.stringify(call));
    }
  });

  it('is told the language by its name, and what to expect', async () => {
    const engine = await tinyEngine(options);
    for (const [call, text] of [
      [{ language: 'de' }, 'Hallo world é.'],
      [{ language: 'fr' }, 'Hello world é.'],
      [{ keywords: ['zoo', 'bar'] }, 'Zaphod world é.'],
      [{ prompt: 'About a zoo, and more.' }, 'Zaphod world é.'],
      [{}, 'Hello world é.'],
    ] as const) {
      const [result] = await engine.recognise([tone()], call);
      assert.equal(result?.text, text, JSON.stringify(call));
    }
  });
});

describe('FunASR-nano', () => {
  it('gives words, whatever is asked for', async () => {
    const engine = await tinyEngine({ family: 'funasr-nano', name: 'funasr-nano' });
    const [result] = await engine.recognise([tone()], { keywords: ['zoo'] });
    assert.equal(result?.text, 'Hello world é.');
    assert.equal(result?.words.length, 3);
  });
});

for (const [family, files] of [
  [
    'qwen3-asr',
    ['tokenizer/vocab.json', 'tokenizer/merges.txt', 'tokenizer/tokenizer_config.json'],
  ],
  ['funasr-nano', ['Qwen3-0.6B/vocab.json', 'Qwen3-0.6B/merges.txt', 'Qwen3-0.6B/tokenizer.json']],
] as const)
  describe(`the tokenizer of the family ${family}`, () => {
    it('is looked into first: a file that is empty, cut short or another one is refused', async () => {
      for (const file of files) {
        for (const damage of [
          (path: string) => truncate(path, 0),
          ...(file.endsWith('.json')
            ? [(path: string) => truncate(path, 100), (path: string) => writeFile(path, '[1')]
            : []),
        ]) {
          const copy = await tinyModelCopy(family);
          await damage(join(copy.path, file));
          const engine = tinyEngine({
            family,
            name: family,
            modelDir: copy.path,
            modelFiles: copy.files,
          });
          await assert.rejects(engine, /(vocab|merges|tokenizer).* cannot be used: it is/);
          await copy.remove();
        }
      }
    });
  });

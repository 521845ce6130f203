import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { fixturePcm } from '../../../support/fixture-pcm.js';
import { tinyEngine, tone } from '../../../support/tiny-models.js';

describe('Canary', () => {
  const options = { family: 'canary', name: 'canary' };

  it('is told the language spoken and the one to write, and asked for punctuation', async () => {
    const engine = await tinyEngine(options);
    for (const [call, text, language] of [
      [{}, 'inen fromen.', 'en'],
      [{ language: 'de' }, 'inde fromde.', 'de'],
      [{ language: 'de', task: 'translate' }, 'inen fromde.', 'en'],
      [{ languages: ['fr'] }, 'infr fromfr.', 'fr'],
      [{ language: 'es' }, 'ines fromes.', 'es'],
    ] as const) {
      const [result] = await engine.recognise([tone()], call);
      assert.deepEqual([result?.text, result?.language], [text, language], JSON.stringify(call));
    }
  });

  it('speaks languages that sherpa-onnx does not know of it', async () => {
    const engine = await tinyEngine({ ...options, languages: ['en', 'de', 'fr', 'pl'] });
    for (const [call, text] of [
      [{ language: 'pl' }, 'inpl frompl.'],
      [{ language: 'pl', task: 'translate' }, 'inen frompl.'],
      [{ language: 'fr' }, 'infr fromfr.'],
    ] as const) {
      const [result] = await engine.recognise([tone()], call);
      assert.equal(result?.text, text);
    }
  });

  it('is not opened for a language that it has no token for', async () => {
    await assert.rejects(
      tinyEngine({ ...options, languages: ['en', 'ru'] }),
      /tokens\.txt .*lacks the token <\|ru\|>/,
    );
  });

  it('shares the time in which there is sound among its words, by their length', async () => {
    const engine = await tinyEngine(options);
    const [result] = await engine.recognise([tone()], {});
    const [first, second] = result?.words ?? [];
    // The tone lasts from 0.5 to 2.5 s.
    assert.ok(Math.abs((first?.start ?? 0) - 0.5) < 0.05, `${first?.start}`);
    assert.ok(Math.abs((second?.end ?? 0) - 2.5) < 0.05, `${second?.end}`);
    const [short, long] = [first, second].map((word) => (word?.end ?? 0) - (word?.start ?? 0));
    assert.ok((long ?? 0) > (short ?? 0));
  });
});

describe('Cohere Transcribe', () => {
  it('is told the language, and whether to write figures', async () => {
    const engine = await tinyEngine({ family: 'cohere-transcribe', name: 'cohere-transcribe' });
    for (const [call, text] of [
      [{}, 'inen 5.'],
      [{ language: 'ja' }, 'inja 5.'],
      [{ language: 'vi', inverseNormalisation: false }, 'invi five.'],
    ] as const) {
      const [result] = await engine.recognise([tone()], call);
      assert.equal(result?.text, text);
    }
  });
});

for (const family of ['moonshine-v1', 'moonshine-v2'])
  describe(`a model of the family ${family}`, () => {
    it('is read to its end token, bytes put together to characters', async () => {
      const engine = await tinyEngine({ family, name: family });
      const [result] = await engine.recognise([tone()], {});
      assert.equal(result?.text, 'Hello worldé.');
      assert.deepEqual(
        result?.words.map(({ text, tokenCount }) => [text, tokenCount]),
        [
          ['Hello', 1],
          ['worldé.', 5],
        ],
      );
    });
  });

describe('a real Moonshine in two files', () => {
  it('reads speech, with times from where there is sound', async () => {
    const engine = await tinyEngine({
      family: 'moonshine-v2',
      name: 'moonshine-base-en',
      languages: ['en'],
      modelDir: join(loadSettings().modelsDir, 'moonshine-base-en'),
      modelFiles: ['encoder_model.onnx', 'decoder_model_merged.onnx', 'tokens.txt'],
    });
    const samples = fixturePcm('two-speakers-clean').slice(0.5 * 16_000, 4.5 * 16_000);
    const [result] = await engine.recognise([{ samples }], {});
    assert.match(result?.text ?? '', /^We spent/);
    assert.ok((result?.words.length ?? 0) > 5);
    assert.equal(result?.words.map(({ text }) => text).join(' '), result?.text);
    assert.ok((result?.words.at(-1)?.end ?? 9) <= 4);
  });
});

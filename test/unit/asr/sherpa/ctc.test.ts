import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tinyEngine, tone } from '../../../support/tiny-models.js';

const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 0.005, `${actual}, not ${expected}`);

for (const [family, frameSeconds] of [
  ['nemo-ctc', 0.08],
  ['zipformer-ctc', 0.04],
  ['dolphin', 0.04],
] as const)
  describe(`a model of the family ${family}`, () => {
    it('gives words with the times of its tokens, and no probabilities', async () => {
      const engine = await tinyEngine({ family, name: family });
      const [result] = await engine.recognise([tone()], {});
      assert.equal(result?.text, 'hello world.');
      const [hello, world] = result?.words ?? [];
      // Tokens stand in the frames 2, 3, 6, 8 and 9; a repeated one is one.
      near(hello?.start, 2 * frameSeconds);
      near(world?.start, 6 * frameSeconds);
      assert.ok((hello?.end ?? 9) <= 6 * frameSeconds + 0.001);
      assert.deepEqual([hello?.confidence, result?.avgLogprob], [1, 0]);
    });
  });

describe('Omnilingual ASR', () => {
  it('is read character by character', async () => {
    const engine = await tinyEngine({ family: 'omnilingual', name: 'omnilingual' });
    const [result] = await engine.recognise([tone()], {});
    assert.equal(result?.text, 'hi you');
    assert.deepEqual(
      result?.words.map(({ text, tokenCount }) => [text, tokenCount]),
      [
        ['hi', 2],
        ['you', 4],
      ],
    );
    near(result?.words[0]?.start, 0.02);
    near(result?.words[1]?.start, 0.1);
  });
});

describe('SenseVoice', () => {
  const options = { family: 'sense-voice', name: 'sense-voice', languages: ['en', 'zh'] };

  it('writes figures and punctuation unless words are asked for', async () => {
    const engine = await tinyEngine(options);
    const textOf = async (inverseNormalisation?: boolean) =>
      (
        await engine.recognise([tone()], {
          ...(inverseNormalisation !== undefined && { inverseNormalisation }),
        })
      )[0]?.text;
    assert.deepEqual(
      [await textOf(), await textOf(false), await textOf(true)],
      ['number 5.', 'number five', 'number 5.'],
    );
  });

  it('says which language it heard, and gives times', async () => {
    const engine = await tinyEngine(options);
    const [result] = await engine.recognise([tone()], {});
    assert.equal(result?.language, 'en');
    assert.deepEqual(await engine.detectLanguage(tone()), { language: 'en' });
    // Frames of 60 ms, counted from the first after the four that are no speech.
    near(result?.words[0]?.start, 0.06);
    near(result?.words[1]?.start, 0.18);
  });

  it('reads in the language asked for, each time anew', async () => {
    const engine = await tinyEngine(options);
    for (const [language, text] of [
      ['zh', '你好 ok'],
      ['en', 'number 5.'],
      ['ko', 'number 5.'],
      ['ja', 'number 5.'],
      ['zh', '你好 ok'],
    ] as const) {
      const [result] = await engine.recognise([tone()], { language });
      assert.deepEqual([result?.text, result?.language], [text, language]);
    }
    await assert.rejects(engine.recognise([tone()], { language: 'de' }), /language 'de'/);
  });

  it('reads again in the first candidate where it heard none of them', async () => {
    const engine = await tinyEngine(options);
    const [result] = await engine.recognise([tone()], { languages: ['zh', 'ja'] });
    assert.equal(result?.language, 'zh');
  });

  it('makes a word of each Chinese character, and one of the letters of a foreign word', async () => {
    const engine = await tinyEngine(options);
    const [result] = await engine.recognise([tone()], { language: 'zh' });
    assert.deepEqual(
      result?.words.map(({ text }) => text),
      ['你', '好', 'ok'],
    );
  });
});

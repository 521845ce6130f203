import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { openMoonshine } from '#services/asr/moonshine/decode.js';
import { createMoonshineEngine, moonshineEngine } from '#services/asr/moonshine/engine.js';
import type { AsrEngine } from '#services/asr/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { fixturePcm } from '../../support/fixture-pcm.js';

const options = { modelDir: join(loadSettings().modelsDir, 'moonshine-base-en'), threads: 1 };
const pcm = fixturePcm('two-speakers-clean');
const cut = (start: number, end: number) => ({ samples: pcm.slice(start * 16_000, end * 16_000) });
const segments = [cut(0.5, 4.5), cut(4.7, 8.9), cut(9, 12.8)];

describe('the Moonshine engine', () => {
  let engine: AsrEngine;
  before(async () => {
    engine = await createMoonshineEngine(options);
  });
  after(() => engine.dispose());

  it('reads a batch in order, one result a segment', async () => {
    const results = await engine.recognise(segments, {});
    assert.deepEqual(
      results.map(({ text }) => text.replaceAll(',', '').split(' ').slice(0, 2).join(' ')),
      ['We spent', 'In theory', 'Could we'],
    );
    for (const { avgLogprob, language } of results) {
      assert.ok(avgLogprob > -0.5 && avgLogprob <= 0, `mean log probability ${avgLogprob}`);
      assert.equal(language, 'en');
    }
  });

  it('gives words whose texts make the text, with times in order inside the segment', async () => {
    const [result] = await engine.recognise(segments.slice(0, 1), {});
    assert.ok(result);
    assert.equal(result.words.map(({ text }) => text).join(' '), result.text);
    let before = 0;
    for (const { start, end, confidence } of result.words) {
      assert.ok(start >= before && end >= start && end <= 4, `${start} to ${end}`);
      assert.ok(confidence > 0 && confidence <= 1);
      before = start;
    }
  });

  it('says the same twice', async () => {
    assert.deepEqual(await engine.recognise(segments, {}), await engine.recognise(segments, {}));
  });

  it('gives an empty text for digital silence, alone and beside speech', async () => {
    const silence = { samples: new Int16Array(16_000) };
    const [alone] = await engine.recognise([silence], {});
    assert.equal(alone?.text, '');
    const beside = await engine.recognise([silence, cut(0.5, 4.5)], {});
    assert.equal(beside[0]?.text, '');
    assert.match(beside[1]?.text ?? '', /^We spent/);
  });

  it('takes a segment of a few milliseconds', async () => {
    const [result] = await engine.recognise([{ samples: pcm.slice(0, 100) }], {});
    assert.equal(result?.text, '');
  });

  it('does not say again and again what it heard in a bit of a word', async () => {
    const [result] = await engine.recognise([cut(1, 1.3)], {});
    assert.ok((result?.words.length ?? 0) <= 1, result?.text);
  });

  it('answers an empty list with an empty list', async () => {
    assert.deepEqual(await engine.recognise([], {}), []);
  });
});

describe('a segment that gives nothing at first', () => {
  it('stays empty when the second reading only loops', async () => {
    const nothing = { tokens: [], logprobs: [-0.1], attention: new Float32Array(0), ended: true };
    const loop = {
      tokens: new Array<number>(20).fill(300),
      logprobs: new Array<number>(20).fill(-0.1),
      attention: new Float32Array(20),
      ended: false,
    };
    const readings = [nothing, loop];
    const engine = await moonshineEngine({
      model: {
        decode: async () => [{ frames: 1, ...(readings.shift() ?? loop) }],
        dispose: async () => {},
      },
      vocabularyPath: join(options.modelDir, 'tokens.txt'),
    });
    const [result] = await engine.recognise([{ samples: new Int16Array(16_000) }], {});
    assert.deepEqual([result?.text, result?.words, readings.length], ['', [], 0]);
  });
});

describe('a batch that fails', () => {
  it('is read one by one, and only a segment that fails alone is an error', async () => {
    const model = await openMoonshine(options);
    const batches: number[] = [];
    const refusing = moonshineEngine({
      model: {
        ...model,
        decode(batch) {
          batches.push(batch.length);
          if (batch.length > 1) return Promise.reject(new Error('out of memory'));
          return model.decode(batch);
        },
      },
      vocabularyPath: join(options.modelDir, 'tokens.txt'),
    });
    const results = await (await refusing).recognise(segments, {});
    assert.deepEqual(batches, [3, 1, 1, 1]);
    assert.equal(results.length, 3);
    assert.ok(results.every(({ text }) => text !== ''));
    await model.dispose();
    await assert.rejects(
      (await refusing).recognise(segments.slice(0, 1), {}),
      (error: unknown) => error instanceof WhosaidError && error.key === 'engine_failed',
    );
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tinyEngine, tone } from '../../../support/tiny-models.js';

const near = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 0.005, `${actual}, not ${expected}`);

describe('a NeMo transducer with durations (Parakeet TDT)', () => {
  it('gives words with the times, durations and probabilities of its tokens', async () => {
    const engine = await tinyEngine({ family: 'nemo-transducer', name: 'nemo-tdt' });
    const [result] = await engine.recognise([tone()], {});
    assert.equal(result?.text, 'hello world.');
    assert.deepEqual(result?.tokens, [1, 2, 4, 5, 6]);
    // Frames of 80 ms: the tokens of the first word begin in frames 2 and 3, the last of them lasts 3 frames.
    const [hello, world] = result?.words ?? [];
    near(hello?.start, 0.16);
    near(hello?.end, 0.48);
    near(world?.start, 0.48);
    near(hello?.confidence, Math.sqrt(Math.exp(-0.128774 - 0.556019)));
    near(result?.avgLogprob, (4 * -0.1287 - 0.556) / 5);
  });

  it('gives tokens with their probabilities where they are asked for', async () => {
    const engine = await tinyEngine({ family: 'nemo-transducer', name: 'nemo-tdt' });
    const [result] = await engine.recognise([tone()], { logprobs: true });
    const pieces = result?.words[0]?.pieces ?? [];
    assert.deepEqual(
      pieces.map(({ bytes }) => Buffer.from(bytes).toString()),
      [' h', 'ello'],
    );
    near(pieces[1]?.logprob, -0.556);
  });

  it('hears a keyword rather than what is nearly as likely, and no longer without it', async () => {
    const engine = await tinyEngine({ family: 'nemo-transducer', name: 'nemo-tdt' });
    for (const [keywords, text] of [
      [['hallo'], 'hallo world.'],
      [['Wörld'], 'hello world.'],
      [undefined, 'hello world.'],
      [['lord', 'hallo world'], 'hallo world.'],
    ] as const) {
      const [result] = await engine.recognise([tone()], { ...(keywords && { keywords }) });
      assert.equal(result?.text, text, String(keywords));
    }
  });

  it('fills very short audio up and gives no time beyond its end', async () => {
    const engine = await tinyEngine({ family: 'nemo-transducer', name: 'nemo-tdt' });
    const [result] = await engine.recognise([{ samples: tone().samples.subarray(0, 4_800) }], {});
    for (const { start, end } of result?.words ?? []) assert.ok(start <= end && end <= 0.3);
  });

  it('answers an empty list with an empty list', async () => {
    const engine = await tinyEngine({ family: 'nemo-transducer', name: 'nemo-tdt' });
    assert.deepEqual(await engine.recognise([], {}), []);
  });

  it('says its only language, refuses others, and does not guess among several', async () => {
    const options = { family: 'nemo-transducer', name: 'nemo-tdt' };
    const english = await tinyEngine({ ...options, languages: ['en'] });
    assert.deepEqual(await english.detectLanguage(tone()), { language: 'en' });
    await assert.rejects(english.recognise([tone()], { language: 'de' }), /language 'de'/);
    await assert.rejects(english.recognise([tone()], { task: 'translate' }), /does not translate/);
    const both = await tinyEngine({ ...options, languages: ['en', 'de'] });
    await assert.rejects(both.detectLanguage(tone()), /does not tell which language/);
    const [result] = await both.recognise([tone()], { language: 'de' });
    assert.equal(result?.language, 'de');
  });
});

describe('a NeMo transducer without durations', () => {
  it('ends a word where the next begins, at most', async () => {
    const engine = await tinyEngine({ family: 'nemo-transducer', name: 'nemo-rnnt' });
    const [result] = await engine.recognise([tone()], {});
    assert.equal(result?.text, 'hello world.');
    near(result?.words[0]?.end, 0.48);
    near(result?.words[1]?.start, 0.48);
  });
});

describe('a Zipformer transducer', () => {
  it('gives words with times and probabilities, and hears keywords', async () => {
    const engine = await tinyEngine({ family: 'zipformer', name: 'zipformer' });
    const [result] = await engine.recognise([tone()], {});
    assert.equal(result?.text, 'hello world.');
    // Frames of 40 ms.
    near(result?.words[0]?.start, 0.08);
    near(result?.words[1]?.start, 0.24);
    near(result?.words[0]?.confidence, 0.71);
    const [again] = await engine.recognise([tone()], { keywords: ['Hallo'] });
    assert.equal(again?.text, 'hallo world.');
  });
});

describe('a streaming Zipformer transducer', () => {
  it('reads a whole segment', async () => {
    const engine = await tinyEngine({ family: 'zipformer-streaming', name: 'zipformer-streaming' });
    const results = await engine.recognise([tone(), tone()], {});
    for (const result of results) {
      assert.equal(result.text, 'hello world.');
      near(result.words[1]?.start, 0.24);
      assert.ok((result.words[0]?.confidence ?? 1) < 0.9);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { scriptedSound, speak } from '../../support/scripted-speech.js';
import { ofType, open, textsOf } from './open-session.js';

describe('text of an utterance that is still spoken', () => {
  const sentence = scriptedSound([
    ...Array.from({ length: 10 }, (_, index) => [index + 1, 0.4] as const),
    [0, 1],
  ]);

  it('comes in deltas that together are the text', async () => {
    const { live, speech, events, read } = open();
    speech.freePlaces = 2;
    await speak(live, sentence);
    await live.finish();
    await read;
    const deltas = ofType(events, 'delta');
    assert.ok(deltas.length > 2, `${deltas.length} deltas`);
    assert.deepEqual(textsOf(events), [deltas.map(({ text }) => text).join('')]);
    assert.equal(deltas.map(({ text }) => text).join(''), 'w1 w2 w3 w4 w5 w6 w7 w8 w9 w10');
  });

  it('is not read while engines have other work', async () => {
    const { live, speech } = open();
    await speak(live, sentence);
    await live.finish();
    assert.deepEqual(
      speech.asked.map(({ isUrgent }) => isUrgent),
      [true],
    );
  });

  it('is read once at a time, however long that takes, and never after more than it', async () => {
    const { live, speech } = open();
    speech.freePlaces = 2;
    let [working, most] = [0, 0];
    const open_: (() => void)[] = [];
    speech.gate = async () => {
      working += 1;
      most = Math.max(most, working);
      await new Promise<void>((resolve) => open_.push(resolve));
      working -= 1;
    };
    await speak(live, sentence.subarray(0, 3.5 * SAMPLE_RATE));
    assert.equal(most, 1);
    speech.gate = async () => undefined;
    for (const go of open_) go();
    await live.finish();
  });

  it('is read for good without being read again where the pause at its end was read', async () => {
    const { live, speech, events, read } = open();
    speech.freePlaces = 2;
    speech.spell = (word, call) => `w${word}c${call}`;
    await speak(
      live,
      scriptedSound([
        [1, 0.5],
        [0, 1],
      ]),
      { pieceSeconds: 0.032 },
    );
    await live.finish();
    await read;
    assert.equal(speech.asked.filter(({ isUrgent }) => isUrgent).length, 0);
    assert.equal(textsOf(events).length, 1);
  });

  it('goes on after words that a later reading has otherwise', async () => {
    const { live, speech, events, read } = open();
    speech.freePlaces = 2;
    let reads = 0;
    speech.spell = (word, call) => {
      reads = Math.max(reads, call);
      return word === 2 && call > 6 ? 'other' : `w${word}`;
    };
    await speak(live, sentence);
    await live.finish();
    await read;
    const deltas = ofType(events, 'delta').map(({ text }) => text);
    assert.deepEqual(textsOf(events), [deltas.join('')]);
    assert.equal(deltas.join('').split(' ').length, 10);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SAMPLE_RATE } from '#services/asr/types.js';
import type { TurnDetection } from '#services/live/types.js';
import { ScriptedSpeech, scriptedSound, speak } from '../../support/scripted-speech.js';
import {
  byHand,
  byTurns,
  eventsOf,
  near,
  ofType,
  open,
  secondWord,
  textsOf,
  turnDetection,
  twoSentences,
} from './open-session.js';

describe('a live transcription with turn detection', () => {
  it('finds utterances to 50 ms, with padding before and the silence after, whatever the pieces', async () => {
    for (const pieceSeconds of [0.005, 0.0333, 0.1, 1, 100]) {
      const events = await eventsOf(twoSentences, { pieceSeconds });
      const [first, second, ...more] = ofType(events, 'speech-started');
      assert.equal(more.length, 0);
      near(first?.start, 0.7);
      near(second?.start, 2.3);
      const ends = ofType(events, 'speech-stopped');
      near(ends[0]?.end, 2.22);
      near(ends[1]?.end, 3.52);
      assert.deepEqual(textsOf(events), ['w1 w2', 'w3']);
    }
  });

  it('tells the events of an utterance in order, and which came before it', async () => {
    const events = await eventsOf(twoSentences);
    assert.deepEqual(
      events.map(({ type }) => type),
      [
        'speech-started',
        'speech-stopped',
        'committed',
        'delta',
        'completed',
        'speech-started',
        'speech-stopped',
        'committed',
        'delta',
        'completed',
      ],
    );
    const [first, second] = ofType(events, 'committed');
    assert.equal(first?.previous, undefined);
    assert.equal(second?.previous, first?.utterance);
    assert.equal(new Set(events.map(({ utterance }) => utterance)).size, 2);
    const [{ words, seconds } = { words: [], seconds: 0 }] = ofType(events, 'completed');
    near(words[0]?.start, 1);
    near(words[1]?.end, 2);
    near(seconds, 1.52);
  });

  it('honours padding, silence and threshold', async () => {
    const settings = (more: Partial<TurnDetection>) => ({
      settings: { ...byTurns, turnDetection: { ...turnDetection, ...more } },
    });
    const padded = await eventsOf(twoSentences, settings({ prefixPaddingSeconds: 0 }));
    near(ofType(padded, 'speech-started')[0]?.start, 1);
    const patient = await eventsOf(twoSentences, settings({ silenceSeconds: 0.8 }));
    assert.deepEqual(textsOf(patient), ['w1 w2 w3']);
    const deaf = await eventsOf(twoSentences, settings({ threshold: 0.99 }));
    assert.deepEqual(deaf, []);
  });

  it('never uses a sample for two utterances', async () => {
    const events = await eventsOf(
      scriptedSound([
        [1, 0.5],
        [0, 0.26],
        [2, 0.5],
        [0, 0.26],
        [3, 0.5],
      ]),
    );
    const committed = ofType(events, 'committed');
    assert.equal(committed.length, 3);
    for (const [index, { start }] of committed.entries())
      assert.ok(start >= (committed[index - 1]?.end ?? 0));
    assert.deepEqual(textsOf(events), ['w1', 'w2', 'w3']);
  });

  it('commits speech without a pause by itself, and loses no word of it', async () => {
    const words = Array.from({ length: 120 }, (_, index) => [index + 1, 0.5] as const);
    const events = await eventsOf(scriptedSound(words));
    const committed = ofType(events, 'committed');
    assert.ok(committed.length >= 3);
    for (const { start, end } of committed) assert.ok(end - start <= 28.1, `${end - start} s`);
    for (const [index, { start }] of committed.entries())
      if (index > 0) assert.equal(start, committed[index - 1]?.end);
    const told = textsOf(events).join(' ').split(' ');
    assert.deepEqual(
      [...new Set(told)],
      words.map(([word]) => `w${word}`),
    );
  });

  it('gives the recogniser no more than it takes at once', async () => {
    const speech = new ScriptedSpeech({ maxSegmentSeconds: 9 });
    const session = open(byTurns, speech);
    await speak(
      session.live,
      scriptedSound(Array.from({ length: 60 }, (_, index) => [index + 1, 0.5] as const)),
    );
    await session.live.finish();
    assert.ok(speech.asked.every(({ seconds }) => seconds <= 9));
    assert.ok(speech.asked.length > 3);
  });

  it('commits by hand in the middle of speech, which goes on in another utterance', async () => {
    const { live, events, read } = open();
    await speak(live, scriptedSound([[1, 1]]));
    assert.equal(live.commit(), true);
    await speak(
      live,
      scriptedSound([
        [2, 1],
        [0, 0.5],
      ]),
    );
    await live.finish();
    await read;
    assert.deepEqual(textsOf(events), ['w1', 'w2']);
    assert.equal(ofType(events, 'speech-started').length, 2);
  });

  it('forgets what is cleared', async () => {
    const { live, events, read } = open();
    await speak(live, scriptedSound([[1, 1]]));
    live.clear();
    await speak(
      live,
      scriptedSound([
        [0, 0.5],
        [2, 1],
        [0, 0.5],
      ]),
    );
    await live.finish();
    await read;
    assert.deepEqual(textsOf(events), ['w2']);
  });

  it('ends what is spoken when it is finished, and takes no more sound', async () => {
    const { live, events, read } = open();
    await speak(live, scriptedSound([[1, 1]]));
    const finished = live.finish();
    live.append(scriptedSound([[2, 1]]));
    await Promise.all([finished, live.finish(), read]);
    assert.deepEqual(textsOf(events), ['w1']);
  });

  it('ends at once when it is closed, with work under way', async () => {
    const { live, speech, events, read } = open();
    speech.gate = () => new Promise(() => {});
    await speak(
      live,
      scriptedSound([
        [1, 1],
        [0, 1],
      ]),
    );
    assert.equal(speech.asked.length, 1);
    await live.close();
    await live.close();
    live.append(scriptedSound([[2, 1]]));
    await read;
    assert.ok(!events.some(({ type }) => type === 'completed' || type === 'failed'));
  });
});

describe('a live transcription without turn detection', () => {
  it('makes utterances of what is committed, silence and all', async () => {
    const { live, events, read } = open(byHand);
    await speak(live, twoSentences);
    assert.ok(Math.abs(live.bufferedSeconds - twoSentences.length / SAMPLE_RATE) < 0.01);
    assert.equal(live.commit(), true);
    assert.equal(live.bufferedSeconds, 0);
    assert.equal(live.commit(), false);
    live.append(new Int16Array(SAMPLE_RATE));
    assert.equal(live.commit(), true);
    await live.finish();
    await read;
    assert.deepEqual(textsOf(events), ['w1 w2 w3', '']);
    const [first, second] = ofType(events, 'committed');
    assert.deepEqual([first?.start, second?.previous], [0, first?.utterance]);
    assert.equal(ofType(events, 'speech-started').length, 0);
  });

  it('takes an utterance of minutes and keeps all of its words', async () => {
    const words = Array.from({ length: 150 }, (_, index) => [index + 1, 1] as const);
    const sound = words.flatMap((word, index) =>
      index % 5 === 4 ? [word, [0, 0.5] as const] : [word],
    );
    const { live, speech, events, read } = open(byHand);
    await speak(live, scriptedSound(sound));
    live.commit();
    await live.finish();
    await read;
    assert.deepEqual(textsOf(events), [words.map(([word]) => `w${word}`).join(' ')]);
    assert.ok(speech.asked.every(({ seconds }) => seconds <= 15));
  });

  it('ends what was begun with the speech when turn detection is switched on', async () => {
    const { live, events, read } = open(byHand);
    await speak(live, scriptedSound([[1, 1]]));
    live.configure(byTurns);
    await speak(live, secondWord);
    await live.finish();
    await read;
    assert.deepEqual(textsOf(events), ['w1', 'w2']);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { createLiveTranscription } from '#services/live/live-transcription.js';
import type {
  LiveEvent,
  LiveSettings,
  LiveTranscription,
  TurnDetection,
} from '#services/live/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { collectGarbage } from '../../support/heap.js';
import { eventually } from '../../support/processes.js';
import { ScriptedSpeech, scriptedSound, speak } from '../../support/scripted-speech.js';

const turnDetection: TurnDetection = {
  threshold: 0.5,
  prefixPaddingSeconds: 0.3,
  silenceSeconds: 0.2,
};
const byTurns: LiveSettings = { turnDetection, recognise: {} };
const byHand: LiveSettings = { recognise: {} };

type Session = {
  live: LiveTranscription;
  speech: ScriptedSpeech;
  events: LiveEvent[];
  read: Promise<void>;
};

function open(settings: LiveSettings = byTurns, speech = new ScriptedSpeech()): Session {
  const live = createLiveTranscription({ speech, settings });
  const events: LiveEvent[] = [];
  const read = (async () => {
    for await (const event of live.events) events.push(event);
  })();
  return { live, speech, events, read };
}

/** All events of a session that hears this and is finished. */
async function eventsOf(
  sound: Int16Array,
  options: { settings?: LiveSettings; pieceSeconds?: number } = {},
) {
  const { live, events, read } = open(options.settings);
  await speak(live, sound, options);
  await live.finish();
  await read;
  return events;
}

function ofType<Type extends LiveEvent['type']>(events: readonly LiveEvent[], type: Type) {
  return events.filter((event): event is Extract<LiveEvent, { type: Type }> => event.type === type);
}

const textsOf = (events: readonly LiveEvent[]) =>
  ofType(events, 'completed').map(({ text }) => text);

const near = (found: number | undefined, expected: number) =>
  assert.ok(
    Math.abs((found ?? Number.NaN) - expected) <= 0.05,
    `${found}, expected about ${expected}`,
  );

const twoSentences = scriptedSound([
  [0, 1],
  [1, 0.5],
  [2, 0.5],
  [0, 0.6],
  [3, 0.7],
  [0, 1],
]);

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
    await speak(
      live,
      scriptedSound([
        [0, 1],
        [2, 1],
        [0, 1],
      ]),
    );
    await live.finish();
    await read;
    assert.deepEqual(textsOf(events), ['w1', 'w2']);
  });
});

describe('a live transcription of hours', () => {
  it('keeps no sound that was told', async () => {
    const { live, read } = open();
    const minute = scriptedSound(
      Array.from({ length: 12 }, (_, index) => [[index + 1, 4] as const, [0, 1] as const]).flat(),
    );
    const hear = async (minutes: number) => {
      for (let count = 0; count < minutes; count++) {
        live.append(minute);
        await eventually('it was told', () => live.behindSeconds < 1.5);
      }
      return collectGarbage();
    };
    const first = await hear(2);
    const later = await hear(20);
    // 20 minutes of sound are 38 MB.
    assert.ok(later - first < 6e6, `${((later - first) / 1e6).toFixed(1)} MB more`);
    await live.finish();
    await read;
  });
});

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

describe('a live transcription whose engines fail', () => {
  it('fails the utterance alone and goes on', async () => {
    const { live, speech, events, read } = open();
    speech.gate = async (call) => {
      if (call === 0) throw new WhosaidError('engine_crashed', { reason: 'test' });
    };
    await speak(live, twoSentences);
    await live.finish();
    await read;
    const [failed, ...more] = ofType(events, 'failed');
    assert.equal(more.length, 0);
    assert.equal(failed?.error.key, 'engine_crashed');
    assert.equal(failed?.utterance, ofType(events, 'committed')[0]?.utterance);
    assert.deepEqual(textsOf(events), ['w3']);
  });

  it('loses no sound while nothing listens for a while', async () => {
    const { live, speech, events, read } = open();
    let failures = 3;
    speech.listening = async () => {
      if (failures-- > 0) throw new WhosaidError('engine_lost');
    };
    await speak(live, twoSentences);
    assert.ok(live.behindSeconds > 1);
    await live.finish();
    await read;
    assert.deepEqual(textsOf(events), ['w1 w2', 'w3']);
    assert.ok(live.behindSeconds < 0.05, 'but for what is no whole frame');
  });

  it('fails what nothing can listen to where asking again is no use, and goes on', async () => {
    const { live, speech, events, read } = open();
    let fails = true;
    speech.listening = async () => {
      if (fails) throw new WhosaidError('model_not_installed', { model: 'x' });
    };
    live.append(scriptedSound([[1, 1]]));
    await eventually('it has failed', () => ofType(events, 'failed').length > 0, 30_000);
    fails = false;
    await speak(
      live,
      scriptedSound([
        [0, 1],
        [2, 1],
        [0, 1],
      ]),
    );
    await live.finish();
    await read;
    assert.deepEqual(
      ofType(events, 'failed').map(({ error }) => error.key),
      ['model_not_installed'],
    );
    assert.deepEqual(textsOf(events), ['w2']);
  });

  it('says how much sound waits for engines', async () => {
    const { live, speech } = open();
    let go = (): void => {};
    speech.gate = () =>
      new Promise((resolve) => {
        go = resolve;
      });
    await speak(
      live,
      scriptedSound([
        [1, 1],
        [0, 3],
      ]),
    );
    assert.ok(live.behindSeconds > 2);
    go();
    await live.finish();
    assert.equal(live.behindSeconds < 3.1, true);
  });
});

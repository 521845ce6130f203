import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { eventually } from '../../support/processes.js';
import { scriptedSound, speak } from '../../support/scripted-speech.js';
import { ofType, open, secondWord, textsOf, twoSentences } from './open-session.js';

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
    await speak(live, secondWord);
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

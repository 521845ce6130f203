import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Caption, type CaptionEvent, captionsAfter, spoken } from '#src/web/live/captions.js';
import { captionsFile } from '#src/web/live/captions-file.js';

const TRANSCRIPTION = 'conversation.item.input_audio_transcription';

const after = (events: readonly CaptionEvent[]): readonly Caption[] =>
  events.reduce<readonly Caption[]>(captionsAfter, []);

const began = (item_id: string, audio_start_ms: number): CaptionEvent => ({
  type: 'input_audio_buffer.speech_started',
  item_id,
  audio_start_ms,
});
const told = (kind: string, item_id: string, fields: object): CaptionEvent => ({
  type: `${TRANSCRIPTION}.${kind}`,
  item_id,
  content_index: 0,
  ...fields,
});

const CONVERSATION = [
  began('one', 500),
  told('delta', 'one', { delta: 'Good' }),
  told('delta', 'one', { delta: ' morning.' }),
  told('segment', 'one', { start: 0.75, end: 1.5, text: ' Good morning.', speaker: 'A' }),
  told('completed', 'one', { transcript: 'Good morning.' }),
  began('two', 2000),
  told('delta', 'two', { delta: 'Hel' }),
];

describe('live captions', () => {
  it('grow with what is heard, and have their speakers when these are known', () => {
    const [one, two] = after(CONVERSATION);
    assert.deepEqual(one, {
      id: 'one',
      start: 0.5,
      end: 0,
      text: 'Good morning.',
      parts: [{ start: 0.75, end: 1.5, text: 'Good morning.', speaker: 'A' }],
      isDone: true,
    });
    assert.equal(two?.text, 'Hel');
    assert.equal(two?.isDone, false);
  });

  it('pass over events that say nothing of what was said, and utterances without words', () => {
    const before = after(CONVERSATION);
    assert.equal(captionsAfter(before, { type: 'session.updated' }), before);
    assert.equal(
      captionsAfter(before, { type: 'input_audio_buffer.committed', item_id: 'one' }),
      before,
    );
    assert.equal(
      spoken(after([began('three', 0), told('completed', 'three', { transcript: '' })])).length,
      0,
    );
  });

  it('are saved as the API writes transcripts', () => {
    const captions = after([...CONVERSATION, told('completed', 'two', { transcript: 'Hello.' })]);
    assert.equal(
      captionsFile(captions.slice(0, 1), 'vtt'),
      'WEBVTT\n\n00:00:00.750 --> 00:00:01.500\n<v A>Good morning.\n\n',
    );
    assert.match(captionsFile(captions, 'text'), /^A: Good morning\.\n/);
    const without = after([
      began('one', 500),
      { type: 'input_audio_buffer.speech_stopped', item_id: 'one', audio_end_ms: 1500 },
      told('completed', 'one', { transcript: 'Good morning.' }),
    ]);
    assert.equal(captionsFile(without, 'text').trim(), 'Good morning.');
  });
});

import assert from 'node:assert/strict';
import { assertTime, doneOf, eventsOf, SENTENCE } from './expect.js';
import { type Feature, transcribe, transcribeConversation } from './feature.js';

const group = 'Streaming';

export const streaming = {
  stream: {
    group,
    title: 'deltas, one event that says it is done, then the end',
    call: (bench) => transcribeConversation(bench, { fields: { stream: true } }),
    check: (outcome) => {
      const events = eventsOf(outcome);
      const done = doneOf(events);
      const deltas = events.slice(0, -1);
      assert.ok(deltas.length > 1, `${deltas.length} deltas`);
      for (const { type } of deltas) assert.equal(type, 'transcript.text.delta');
      assert.equal(
        deltas
          .map(({ delta }) => delta)
          .join('')
          .trim(),
        done.text,
      );
      assert.match(String(done.text), SENTENCE);
      assert.deepEqual(done.usage, { type: 'duration', seconds: 18 });
    },
  },
  streamSpeakers: {
    group,
    title: 'diarized_json: segments with speakers, one event that says it is done',
    call: (bench) =>
      transcribeConversation(bench, {
        fields: {
          model: 'gpt-4o-transcribe-diarize',
          response_format: 'diarized_json',
          stream: true,
        },
      }),
    check: (outcome) => {
      const events = eventsOf(outcome);
      const done = doneOf(events);
      const segments = events.slice(0, -1);
      for (const { type, id } of segments)
        assert.deepEqual([type, typeof id], ['transcript.text.segment', 'string']);
      assert.deepEqual(new Set(segments.map(({ speaker }) => speaker)), new Set(['A', 'B']));
      assert.equal(segments.map(({ text }) => String(text).trim()).join(' '), done.text);
    },
  },
  streamProgress: {
    group,
    title: 'progress, as a field in extra_body: events of ours, beside those of the stream',
    call: (bench) =>
      transcribeConversation(bench, { fields: { stream: true, extra_body: { progress: 'true' } } }),
    check: (outcome) => {
      const events = eventsOf(outcome);
      const told = events.filter(({ type }) => type === 'whosaid.progress');
      assert.ok(told.length > 0, 'no progress was told');
      for (const { audio_seconds } of told) assertTime(audio_seconds, 'what is worked through');
      assert.match(String(doneOf(events).text), SENTENCE);
    },
  },
  streamError: {
    group,
    title: 'an error in the middle arrives as an error, after what was said before it',
    call: (bench) =>
      transcribe(bench, {
        recording: { path: bench.recordings.breaksOff, as: 'bytes' },
        fields: { stream: true },
      }),
    check: ({ events, refusal }, { driver }) => {
      assert.ok(events?.length, 'nothing came before the error');
      assert.ok(refusal, 'the stream ended without an error');
      assert.deepEqual([refusal.code, refusal.param], ['invalid_value', 'file']);
      assert.match(refusal.message, /corrupted or unsupported/);
      if (driver.errorName !== undefined) assert.equal(refusal.name, 'APIError');
      assert.ok(!events.some(({ type }) => type === 'transcript.text.done'));
    },
  },
} as const satisfies Record<string, Feature>;

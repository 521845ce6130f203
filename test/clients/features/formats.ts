import assert from 'node:assert/strict';
import { assertSubtitles, assertTime, listOf, objectOf, SENTENCE, textOf } from './expect.js';
import { type Feature, transcribe, transcribeConversation } from './feature.js';

const group = 'Formats';
const usage = { type: 'duration', seconds: 5 };

/** What a segment of verbose_json must have: typed clients fail without. */
const SEGMENT_NUMBERS = [
  'id',
  'seek',
  'start',
  'end',
  'temperature',
  'avg_logprob',
  'compression_ratio',
  'no_speech_prob',
];

function assertSegments(answer: Record<string, unknown>): void {
  for (const segment of listOf(answer.segments)) {
    for (const name of SEGMENT_NUMBERS)
      assert.ok(Number.isFinite(segment[name]), `${name} is ${segment[name]}`);
    assert.ok(Array.isArray(segment.tokens) && typeof segment.text === 'string');
  }
}

function assertWords(answer: Record<string, unknown>): void {
  for (const { word, start, end } of listOf(answer.words)) {
    assert.equal(typeof word, 'string');
    assertTime(start, 'start');
    assertTime(end, 'end');
  }
}

function assertVerbose(answer: Record<string, unknown>): void {
  const { task, language, duration, text } = answer;
  assert.deepEqual([task, language], ['transcribe', 'english']);
  assert.ok(typeof duration === 'number' && Math.abs(duration - 4.6) < 0.05, `${duration}`);
  assert.match(String(text), SENTENCE);
  assert.deepEqual(answer.usage, usage);
}

const granular = (title: string, wanted: readonly string[] | undefined): Feature => ({
  group,
  title,
  call: (bench) =>
    transcribe(bench, {
      fields: {
        response_format: 'verbose_json',
        ...(wanted && { timestamp_granularities: wanted }),
      },
    }),
  check: (outcome) => {
    const answer = objectOf(outcome);
    assertVerbose(answer);
    if (wanted?.includes('word')) assertWords(answer);
    else assert.equal(answer.words ?? undefined, undefined);
    if (wanted === undefined || wanted.includes('segment')) assertSegments(answer);
    else assert.equal(answer.segments ?? undefined, undefined);
  },
});

export const formats = {
  json: {
    group,
    title: 'json: the text and the usage, nothing else',
    call: (bench) => transcribe(bench),
    check: (outcome) => {
      const answer = objectOf(outcome);
      assert.deepEqual(Object.keys(answer).sort(), ['text', 'usage']);
      assert.match(String(answer.text), SENTENCE);
      assert.deepEqual(answer.usage, usage);
    },
  },
  text: {
    group,
    title: 'text: a string',
    call: (bench) => transcribe(bench, { fields: { response_format: 'text' } }),
    check: (outcome) => {
      const text = textOf(outcome);
      assert.match(text, SENTENCE);
      assert.doesNotMatch(text, /[{}"]/);
    },
  },
  srt: {
    group,
    title: 'srt: a string that a player reads',
    call: (bench) => transcribe(bench, { fields: { response_format: 'srt' } }),
    check: (outcome) => {
      const text = textOf(outcome);
      assert.match(text, /^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n/);
      assertSubtitles(text);
    },
  },
  vtt: {
    group,
    title: 'vtt: a string that a player reads',
    call: (bench) => transcribe(bench, { fields: { response_format: 'vtt' } }),
    check: (outcome) => {
      const text = textOf(outcome);
      assert.match(text, /^WEBVTT\n\n00:00:0\d\.\d{3} --> 00:00:0\d\.\d{3}\n/);
      assertSubtitles(text);
    },
  },
  verbose: granular('verbose_json: segments when nothing is said', undefined),
  words: granular('verbose_json: words alone', ['word']),
  both: granular('verbose_json: words and segments', ['word', 'segment']),
  diarized: {
    group,
    title: 'diarized_json: segments with speakers',
    call: (bench) =>
      transcribeConversation(bench, {
        fields: { model: 'gpt-4o-transcribe-diarize', response_format: 'diarized_json' },
      }),
    check: (outcome) => {
      const answer = objectOf(outcome);
      assert.deepEqual([answer.task, answer.usage], ['transcribe', { ...usage, seconds: 18 }]);
      assert.match(String(answer.text), SENTENCE);
      const segments = listOf(answer.segments);
      for (const { type, id, start, end, text } of segments) {
        assert.deepEqual(
          [type, typeof id, typeof text],
          ['transcript.text.segment', 'string', 'string'],
        );
        assertTime(start, 'start');
        assertTime(end, 'end');
      }
      assert.equal(segments[0]?.speaker, 'A');
      assert.deepEqual(new Set(segments.map(({ speaker }) => speaker)), new Set(['A', 'B']));
    },
  },
} as const satisfies Record<string, Feature>;

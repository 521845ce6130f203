import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  doneEvent,
  type RenderOptions,
  renderTranscript,
  type StreamEvent,
  segmentEvent,
} from '#utils/formats/index.js';
import type { Transcript } from '#utils/transcript/types.js';
import { segmentOf, transcriptOf } from './sample-transcript.js';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** "Good" and "day é", the latter's last character in two tokens. */
const [first, second] = [
  segmentOf({ id: 0, text: 'Good', start: 0 }),
  segmentOf({ id: 1, text: 'day é', start: 2 }),
];
const pieces = [
  [{ bytes: utf8(' Good'), logprob: -0.5 }],
  [{ bytes: utf8(' day'), logprob: Number.NaN }],
  [
    { bytes: new Uint8Array([32, 0xc3]), logprob: -0.25 },
    { bytes: new Uint8Array([0xa9]), logprob: 0 },
  ],
];
const words = [...first.words, ...second.words].map((word, index) => ({
  ...word,
  pieces: pieces[index] ?? [],
}));
const plain: Transcript = {
  ...transcriptOf(
    [
      { ...first, words: words.slice(0, 1) },
      { ...second, words: words.slice(1) },
    ],
    3.2,
  ),
  languages: ['en', 'fr'],
};
const spoken: Transcript = {
  ...plain,
  segments: plain.segments.map((segment, index) => ({
    ...segment,
    speaker: 'AB'[index] as string,
  })),
  speakers: [
    { name: 'A', seconds: 1 },
    { name: 'B', seconds: 1 },
  ],
};
const tokens = [
  { token: ' Good', logprob: -0.5, bytes: [32, 71, 111, 111, 100] },
  { token: ' day', logprob: 0, bytes: [32, 100, 97, 121] },
  { token: ' \ufffd', logprob: -0.25, bytes: [32, 0xc3] },
  { token: '\ufffd', logprob: 0, bytes: [0xa9] },
];

const options: RenderOptions = { format: 'json', languageName: 'english' };
const usage = { type: 'duration', seconds: 4 };
const eventsOf = (transcript: Transcript, more: Partial<RenderOptions> = {}): StreamEvent[] => [
  ...transcript.segments.map((segment) => segmentEvent(segment, { ...options, ...more })),
  doneEvent(transcript, { ...options, ...more }),
];
const json = (transcript: Transcript, more: Partial<RenderOptions> = {}) =>
  JSON.parse(renderTranscript(transcript, { ...options, ...more }).body);

describe('events of a stream', () => {
  it("are OpenAI's, key for key", () => {
    assert.deepEqual(eventsOf(plain), [
      { type: 'transcript.text.delta', delta: 'Good' },
      { type: 'transcript.text.delta', delta: ' day é' },
      { type: 'transcript.text.done', text: 'Good day é', usage },
    ]);
  });

  it('have segments in place of deltas in diarized_json, and none of them in the last event', () => {
    const segment = { type: 'transcript.text.segment', start: 0, end: 0.5 };
    assert.deepEqual(eventsOf(spoken, { format: 'diarized_json', speakerDetail: true }), [
      { ...segment, id: 'seg_0', text: ' Good', speaker: 'A' },
      { ...segment, id: 'seg_1', start: 2, end: 3, text: ' day é', speaker: 'B' },
      { type: 'transcript.text.done', text: 'Good day é', usage },
    ]);
  });

  it('have speakers in the last event where the answer without a stream has them', () => {
    const segments = [
      { start: 0, end: 0.5, text: 'Good', speaker: 'A' },
      { start: 2, end: 3, text: 'day é', speaker: 'B' },
    ];
    const done = { type: 'transcript.text.done', text: 'Good day é', segments, usage };
    assert.deepEqual(eventsOf(spoken, { format: 'srt' }), [
      { type: 'transcript.text.delta', delta: 'Good', segment_id: 'seg_0' },
      { type: 'transcript.text.delta', delta: ' day é', segment_id: 'seg_1' },
      done,
    ]);
    assert.deepEqual(eventsOf(spoken, { speakerDetail: true }).at(-1), done);
    assert.ok(!('segments' in (eventsOf(spoken).at(-1) ?? {})));
    assert.ok(!('segments' in (eventsOf(plain, { format: 'srt' }).at(-1) ?? {})));
  });

  it('have log-probabilities and languages where they were asked for', () => {
    const [one, two, done] = eventsOf(plain, { logprobs: true, languages: true });
    assert.deepEqual(one, {
      type: 'transcript.text.delta',
      delta: 'Good',
      logprobs: tokens.slice(0, 1),
    });
    assert.deepEqual(two && 'logprobs' in two && two.logprobs, tokens.slice(1));
    const languages = [{ code: 'en' }, { code: 'fr' }];
    const type = 'transcript.text.done';
    assert.deepEqual(done, { type, text: 'Good day é', logprobs: tokens, languages, usage });
  });
});

describe('json and verbose_json', () => {
  for (const format of ['json', 'verbose_json'] as const) {
    it(`have log-probabilities as finite numbers and bytes: ${format}`, () => {
      assert.deepEqual(json(plain, { format, logprobs: true }).logprobs, tokens);
      assert.equal(json(plain, { format }).logprobs, undefined);
    });

    it(`have the languages that were asked for: ${format}`, () => {
      const languages = [{ code: 'en' }, { code: 'fr' }];
      assert.deepEqual(json(plain, { format, languages: true }).languages, languages);
      assert.equal(json(plain, { format }).languages, undefined);
    });
  }
});

describe('a translation', () => {
  it('is the text alone as json, as at OpenAI', () => {
    assert.deepEqual(json(plain, { task: 'translate' }), { text: 'Good day é' });
  });

  it('names its task in verbose_json and diarized_json', () => {
    const verbose = json(plain, { format: 'verbose_json', task: 'translate' });
    const keys = ['task', 'language', 'duration', 'text', 'segments'];
    assert.deepEqual(Object.keys(verbose), keys);
    assert.deepEqual([verbose.task, verbose.language], ['translate', 'english']);
    assert.equal(json(spoken, { format: 'diarized_json', task: 'translate' }).task, 'translate');
  });
});

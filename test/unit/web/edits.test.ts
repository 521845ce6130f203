import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyEdits } from '#src/web/transcript/apply-edits.js';
import { layOut } from '#src/web/transcript/blocks.js';
import {
  currentName,
  type Edits,
  noEdits,
  withSpeakersCalled,
  withWordCorrected,
} from '#src/web/transcript/edits.js';
import { afterChange, noHistory, redo, undo } from '#src/web/transcript/history.js';
import { peopleOf } from '#src/web/transcript/people.js';
import { writeFormat } from '#src/web/transcript/write-format.js';
import { renderTranscript, responseFormats } from '#utils/formats/index.js';
import { conversation, spoken, transcriptOf } from './transcripts.js';

const rendering = { languageName: 'english', granularities: ['word', 'segment'] } as const;
const correct = (edits: Edits, segment: number, word: number, original: string, text: string) =>
  withWordCorrected(edits, { place: { segment, word }, original, text });

describe('edits of a transcript', () => {
  it('leave it the very same where there are none', () => {
    const transcript = conversation();
    assert.equal(applyEdits(transcript, noEdits), transcript);
    const back = correct(correct(noEdits, 0, 0, 'We', 'They'), 0, 0, 'We', 'We');
    assert.equal(applyEdits(transcript, back), transcript);
    const renamed = withSpeakersCalled(withSpeakersCalled(noEdits, ['A'], 'Alice'), ['A'], 'A');
    assert.equal(applyEdits(transcript, renamed), transcript);
  });

  it('rename a speaker everywhere and change nothing else', () => {
    const transcript = conversation();
    const edited = applyEdits(transcript, withSpeakersCalled(noEdits, ['A'], ' Alice\nLiddell '));
    const expected = JSON.parse(
      JSON.stringify(transcript).replaceAll('"speaker":"A"', '"speaker":"Alice Liddell"'),
    );
    expected.speakers[0].name = 'Alice Liddell';
    assert.deepEqual(edited, expected);
  });

  it('swap two names without mixing the speakers up', () => {
    const first = withSpeakersCalled(noEdits, ['A'], 'Bea');
    const edits = withSpeakersCalled(withSpeakersCalled(first, ['B'], 'A'), ['A'], 'B');
    const { segments } = applyEdits(conversation(), edits);
    assert.deepEqual(
      segments.map(({ speaker }) => speaker),
      ['B', 'A', 'B', 'C'],
    );
  });

  it('merge speakers who get the same name, with the time in which any of them is heard', () => {
    const transcript = conversation();
    const turns = [
      { start: 0, end: 3, speaker: 'A' },
      { start: 2, end: 5, speaker: 'C' },
      { start: 4, end: 5.5, speaker: 'B' },
    ];
    const speakers = [
      { name: 'A', seconds: 3 },
      { name: 'B', seconds: 1.5 },
      { name: 'C', seconds: 3 },
    ];
    const edits = withSpeakersCalled(noEdits, ['C'], 'A');
    const edited = applyEdits({ ...transcript, turns, speakers }, edits);
    assert.deepEqual(edited.speakers, [
      { name: 'A', seconds: 5 },
      { name: 'B', seconds: 1.5 },
    ]);
    assert.deepEqual(edited.turns, [
      { start: 0, end: 5, speaker: 'A' },
      { start: 4, end: 5.5, speaker: 'B' },
    ]);
    assert.deepEqual(
      edited.segments.map(({ speaker }) => speaker),
      ['A', 'B', 'A', 'A'],
    );
    assert.deepEqual(
      peopleOf(transcript, edits, layOut(transcript, edits).blocks).map(
        ({ name, originals, colour, words }) => [name, originals, colour, words],
      ),
      [
        ['A', ['A', 'C'], 0, 12],
        ['B', ['B'], 1, 3],
      ],
    );
  });

  it('take names that objects have anyway', () => {
    const strange = ['constructor', '__proto__', 'toString'];
    const transcript = transcriptOf(strange.map((name, at) => spoken(at, at, 'Yes.', name)));
    for (const name of strange) assert.equal(currentName(noEdits, name), name);
    const edits = strange.reduce(
      (made, name) => withSpeakersCalled(made, [name], `${name}!`),
      noEdits,
    );
    const kept = structuredClone(edits);
    assert.deepEqual(
      applyEdits(transcript, kept).segments.map(({ speaker }) => speaker),
      strange.map((name) => `${name}!`),
    );
  });

  it('correct a word in its place and keep its time', () => {
    const transcript = conversation();
    const edited = applyEdits(transcript, correct(noEdits, 0, 4, 'travel,', 'train  travel,'));
    assert.equal(edited.segments[0]?.text, 'We spent less on train travel, mostly.');
    assert.ok(edited.text.startsWith('We spent less on train travel, mostly. In theory'));
    const { text, start, end, confidence } = edited.segments[0]?.words[4] ?? {};
    assert.deepEqual([text, start, end, confidence], ['train travel,', 2, 2.5, 1]);
    assert.equal(edited.segments[1], transcript.segments[1]);
  });

  it('take a word away, or all of a segment, without leaving blanks behind', () => {
    const transcript = conversation();
    const without = applyEdits(transcript, correct(noEdits, 0, 5, 'mostly.', ' '));
    assert.equal(without.segments[0]?.text, 'We spent less on travel,');
    assert.equal(without.segments[0]?.words.length, 5);
    const words = ['In', 'theory', 'yes.'];
    const edits = words.reduce((made, word, at) => correct(made, 1, at, word, ''), noEdits);
    const { text, segments } = applyEdits(transcript, edits);
    assert.equal(segments[1]?.text, '');
    assert.ok(text.includes('mostly. Could we talk?'));
  });

  it('correct a text whose words are not known', () => {
    const segment = { ...spoken(0, 0, 'two thousand dollars'), text: '$2,000 or so' };
    const { segments } = applyEdits(transcriptOf([segment]), correct(noEdits, 0, 2, 'so', 'more'));
    assert.equal(segments[0]?.text, '$2,000 or more');
    assert.deepEqual(segments[0]?.words, segment.words);
  });

  it('are taken back and again, until something else is done', () => {
    const one = withSpeakersCalled(noEdits, ['A'], 'Alice');
    const two = withSpeakersCalled(one, ['B'], 'Bruno');
    const history = afterChange(afterChange(noHistory, noEdits), one);
    const back = undo(history, two);
    assert.equal(back?.edits, one);
    const again = redo(back.history, one);
    assert.equal(again?.edits, two);
    assert.equal(undo(again.history, two)?.edits, one);
    assert.equal(redo(afterChange(back.history, one), two), undefined);
    assert.equal(undo(noHistory, one), undefined);
  });
});

describe('a transcript that is written by the page', () => {
  it('has the bytes of the API in every format, and a name of its own in each', () => {
    const transcript = conversation();
    const files = responseFormats.map((format) => {
      const file = writeFormat({
        transcript,
        edits: noEdits,
        rendering,
        format,
        title: 'My talk.v2.mp3',
      });
      const { body, contentType } = renderTranscript(transcript, { ...rendering, format });
      assert.deepEqual([file.body, file.contentType], [body, contentType], format);
      return file.name;
    });
    assert.equal(new Set(files).size, responseFormats.length);
    assert.ok(files.includes('My talk.v2.vtt'));
  });

  it('differs in the name alone where a speaker was renamed', () => {
    const options = { transcript: conversation(), rendering, format: 'vtt', title: 'a' } as const;
    const plain = writeFormat({ ...options, edits: noEdits }).body;
    const edits = withSpeakersCalled(noEdits, ['A'], 'Zoë');
    assert.equal(writeFormat({ ...options, edits }).body, plain.replaceAll('<v A>', '<v Zoë>'));
  });
});

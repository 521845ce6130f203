import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { IdentifiedTurn } from '#services/diarization/types.js';
import { attribute } from '#services/transcription/attribute.js';
import { nameSpeakers } from '#services/transcription/attribute-names.js';
import type { Segment } from '#utils/transcript/types.js';
import { segment, turn, words } from './spoken.js';

const embedding = new Float32Array();

function attributed(
  segments: readonly Segment[],
  turns: readonly IdentifiedTurn[],
  known: readonly (string | undefined)[],
) {
  const speakers = known.map((name) => ({ embedding, ...(name !== undefined && { known: name }) }));
  return attribute({ segments, identification: { speakers, turns } });
}

const said = (segments: readonly Segment[]) =>
  segments.map(({ id, speaker, text }) => `${id} ${speaker}: ${text}`);

describe('attribution', () => {
  const both = segment(0, words('How are you?', 0, 1.2), words('Fine, thank you.', 1.5, 2.7));
  const turns = [turn(0, 0, 1.2), turn(1, 1.5, 4.7)];

  it('cuts a segment where the speaker changes and numbers all segments anew', () => {
    const more = segment(1, words('And you?', 3.9, 4.7));
    const { segments } = attributed([both, more], turns, [undefined, undefined]);
    assert.deepEqual(said(segments), [
      '0 A: How are you?',
      '1 B: Fine, thank you.',
      '2 B: And you?',
    ]);
    assert.deepEqual(
      segments.map(({ start, end }) => [start, Number(end.toFixed(3))]),
      [
        [0, 1.2],
        [1.5, 2.7],
        [3.9, 4.7],
      ],
    );
  });

  it('keeps all that is known of a word, whether or not its tokens are', () => {
    const counted = words('How are you?', 0, 1.2).map((word) => ({ ...word, tokenCount: 2 }));
    const pieces = [{ bytes: new Uint8Array([72]), logprob: -0.5 }];
    const kinds = [
      words('How are you?', 0, 1.2),
      counted,
      counted.map((word) => ({ ...word, pieces })),
      words('How are you?', 0, 1.2).map((word) => ({ ...word, pieces })),
    ];
    for (const said of kinds) {
      const { segments } = attributed([segment(0, said)], turns, [undefined, undefined]);
      assert.deepEqual(
        segments.flatMap((part) => part.words),
        said.map((word) => ({ ...word, speaker: 'A' })),
      );
    }
  });

  it('gives every word the speaker of its segment and keeps words and tokens in order', () => {
    const { segments } = attributed([both], turns, [undefined, undefined]);
    for (const { words: own, speaker } of segments)
      for (const word of own) assert.equal(word.speaker, speaker);
    assert.deepEqual(
      segments.flatMap((part) => part.words.map(({ speaker: _, ...word }) => word)),
      both.words,
    );
    assert.deepEqual(
      segments.flatMap(({ tokens }) => tokens),
      both.tokens,
    );
    assert.equal(segments[0]?.tokens.length, 6);
  });

  it('leaves the segments and words it is given as they are', () => {
    const before = structuredClone(both);
    attributed([both], turns, [undefined, undefined]);
    assert.deepEqual(both, before);
  });

  it('tells speakers with their seconds, and turns by name', () => {
    const { speakers, turns: named } = attributed([both], turns, ['Ann', undefined]);
    assert.deepEqual(speakers, [
      { name: 'Ann', seconds: 1.2 },
      { name: 'A', seconds: 3.2 },
    ]);
    assert.deepEqual(named, [
      { start: 0, end: 1.2, speaker: 'Ann' },
      { start: 1.5, end: 4.7, speaker: 'A' },
    ]);
  });

  it('attributes a segment without words as a whole', () => {
    const bare: Segment = { ...segment(0), start: 1.6, end: 2.6, text: 'Fine.' };
    const { segments } = attributed([bare], turns, [undefined, undefined]);
    assert.deepEqual(said(segments), ['0 A: Fine.']);
  });

  it('calls everything A when no speaker is heard, and makes turns of the segments', () => {
    const {
      segments,
      speakers,
      turns: made,
    } = attributed([both, segment(1, words('Yes.', 5, 6))], [], []);
    assert.deepEqual(said(segments), ['0 A: How are you? Fine, thank you.', '1 A: Yes.']);
    assert.deepEqual(
      speakers.map(({ name, seconds }) => [name, seconds.toFixed(1)]),
      [['A', '3.7']],
    );
    assert.equal(made.length, 2);
    assert.ok(made.every(({ speaker }) => speaker === 'A'));
  });

  it('has no speakers when there are neither words nor voices', () => {
    assert.deepEqual(attributed([], [], []), { segments: [], speakers: [], turns: [] });
  });

  it('keeps speakers of a recording in which no word was recognised', () => {
    const { speakers } = attributed([], [turn(0, 0, 5)], [undefined]);
    assert.deepEqual(speakers, [{ name: 'A', seconds: 5 }]);
  });

  it('calls A whoever says the first word, also when somebody else is heard before', () => {
    const { segments } = attributed(
      [segment(0, words('How are you?', 0.5, 1.7)), segment(1, words('Fine, thank you.', 3, 4.2))],
      [turn(0, 0, 0.2), turn(1, 0.4, 1.8), turn(0, 2.9, 4.2)],
      [undefined, undefined],
    );
    assert.deepEqual(said(segments), ['0 A: How are you?', '1 B: Fine, thank you.']);
  });

  describe('of a speaker without words', () => {
    const asked = segment(0, words('How are you?', 0, 1.2));
    const answer = segment(1, words('Fine, thank you.', 3, 4.2));
    const heard = (seconds: number) =>
      attributed(
        [asked, answer],
        [turn(0, 0, 1.2), turn(1, 1.5, 1.5 + seconds), turn(2, 3, 4.2)],
        [undefined, undefined, undefined],
      );

    it('keeps its turns under a letter after those that have words', () => {
      const { segments, speakers, turns: named } = heard(0.4);
      assert.deepEqual(
        speakers.map(({ name }) => name),
        ['A', 'B', 'C'],
      );
      assert.deepEqual(said(segments), ['0 A: How are you?', '1 B: Fine, thank you.']);
      assert.deepEqual(
        named.map(({ speaker }) => speaker),
        ['A', 'C', 'B'],
      );
    });
  });
});

describe('names of speakers', () => {
  const names = (...known: (string | undefined)[]) =>
    nameSpeakers(known.map((name) => (name === undefined ? {} : { known: name })));

  it('are letters in order, passing over those who are known', () => {
    assert.deepEqual(names(undefined, 'Zoë', undefined), ['A', 'Zoë', 'B']);
  });

  it('leave out letters that are known names', () => {
    assert.deepEqual(names(undefined, 'A', undefined, 'c', undefined), ['B', 'A', 'D', 'c', 'E']);
  });

  it('go on with two letters after Z', () => {
    const many = names(...new Array<undefined>(54).fill(undefined));
    assert.deepEqual(
      [many[25], many[26], many[27], many[51], many[52]],
      ['Z', 'AA', 'AB', 'AZ', 'BA'],
    );
    assert.equal(new Set(many).size, 54);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compressionRatio } from '#services/transcription/compression-ratio.js';
import { mergeSegments } from '#services/transcription/merge.js';
import { alignWords } from '#services/transcription/merge-align.js';
import type { Segment, Word } from '#utils/transcript/types.js';

type Found = Omit<Segment, 'id'>;

/** Words half a second apart from a second on; `~` before a word: the recogniser was not sure of it. */
function words(start: number, text: string): Word[] {
  return text
    .split(' ')
    .filter((each) => each !== '')
    .map((each, index) => ({
      text: each.replace('~', ''),
      start: start + index / 2,
      end: start + index / 2 + 0.4,
      confidence: each.startsWith('~') ? 0.3 : 0.9,
      tokenCount: 1,
    }));
}

function segmentOf(said: readonly Word[]): Found {
  const text = said.map((word) => word.text).join(' ');
  return {
    start: said[0]?.start ?? 0,
    end: said.at(-1)?.end ?? 0,
    text,
    words: said,
    tokens: said.map((_, index) => index),
    temperature: 0,
    avgLogprob: Math.log(0.9),
    compressionRatio: compressionRatio(text),
    noSpeechProb: 0.1,
  };
}

const segment = (start: number, text: string) => segmentOf(words(start, text));

/** Both chunks know the seconds from 10 to 20. */
const merge = (earlier: readonly Found[], later: readonly Found[]) =>
  mergeSegments({ earlier, later, from: 10, to: 20 });

const texts = (segments: readonly Found[]) => segments.map(({ text }) => text);
const said = (segments: readonly Found[]) => texts(segments).join(' ');

/** What must be true of every result. */
function checkOrder(segments: readonly Found[]): void {
  let before = Number.NEGATIVE_INFINITY;
  for (const { start, end, text, words: inside } of segments) {
    assert.ok(text !== '' && inside.length > 0);
    assert.ok(start <= (inside[0]?.start ?? 0) && end >= (inside.at(-1)?.end ?? 0));
    for (const word of inside) {
      assert.ok(word.start >= before && word.end >= word.start, `${word.text} at ${word.start}`);
      before = word.start;
    }
  }
}

describe('mergeSegments', () => {
  it('has every word once when both versions are the same, and cuts between segments', () => {
    const shared = [segment(11, 'We agreed at once.'), segment(15, 'Nobody was against it.')];
    const merged = merge(
      [segment(2, 'Good morning.'), ...shared],
      [...shared, segment(21, 'Thank you.')],
    );
    assert.deepEqual(texts(merged), [
      'Good morning.',
      'We agreed at once.',
      'Nobody was against it.',
      'Thank you.',
    ]);
  });

  it('takes one of two readings of the same sound, not half of each', () => {
    const earlier = [segment(11, 'keeps its promise ~it'), segment(13.5, 'can do that')];
    const later = [segment(11, 'keeps its promise'), segment(13.1, 'I can do that')];
    const merged = said(merge(earlier, later));
    assert.equal(merged, 'keeps its promise I can do that');
  });

  it('leaves out a word that one version alone has and hardly believes itself', () => {
    const unsure = (confidence: number) => {
      const [first, ...rest] = words(18, 'the gentle exercise');
      return [
        segmentOf(words(11, 'rest a little')),
        segmentOf([{ ...(first as Word), confidence }, ...rest]),
      ];
    };
    const without = [segment(11, 'rest a little'), segment(18.5, 'gentle exercise')];
    assert.equal(said(merge(without, unsure(0.1))), 'rest a little gentle exercise');
    assert.equal(said(merge(without, unsure(0.4))), 'rest a little the gentle exercise');
  });

  it('sees the same word under another spelling, and at another time by a little', () => {
    const earlier = [segment(11, 'well, we agreed at once - Nobody was against it')];
    const later = [segmentOf(words(11.1, 'Well we Agreed at once — nobody was "against" it.'))];
    const merged = merge(earlier, later);
    assert.equal(merged.flatMap((each) => each.words).length, 10);
    checkOrder(merged);
  });

  it('takes a word that one version lost at its edge from the other', () => {
    const all = 'one two three four five six seven eight';
    const lost = merge([segment(15.5, 'one two three four five six')], [segment(15.5, all)]);
    assert.equal(said(lost), all);
    const [, ...rest] = all.split(' ');
    const late = merge([segment(10.5, all)], [segment(11, rest.join(' '))]);
    assert.equal(said(late), all);
  });

  it('takes words that one version lost in the middle from the other', () => {
    const before = [segment(10.5, 'one two'), segment(14, 'seven eight')];
    const after = [segment(10.5, 'one two three four five six'), segment(14, 'seven eight')];
    assert.equal(said(merge(before, after)), 'one two three four five six seven eight');
    assert.equal(said(merge(after, before)), 'one two three four five six seven eight');
  });

  it('takes the surer of two readings of the same sound', () => {
    const sure = [segment(12, 'we picked wild thyme there')];
    const doubtful = [segment(12, 'we picked ~wide ~thunder there')];
    assert.equal(said(merge(sure, doubtful)), 'we picked wild thyme there');
    assert.equal(said(merge(doubtful, sure)), 'we picked wild thyme there');
  });

  it('believes the version for which a word is not at the edge', () => {
    const earlier = [segment(17, 'before we close the stew')];
    const later = [segment(17, 'before we close the studio today')];
    assert.equal(said(merge(earlier, later)), 'before we close the studio today');
    const first = [segment(8.5, 'nobody had complained again about it')];
    const cut = [segment(10, 'plain again about it')];
    assert.equal(said(merge(first, cut)), 'nobody had complained again about it');
  });

  it('prefers words twice to words lost when the versions have nothing in common', () => {
    const merged = merge([segment(11, 'alpha beta')], [segment(17, 'gamma delta')]);
    assert.equal(said(merged), 'alpha beta gamma delta');
  });

  it('says it once when two versions of the same time have no word in common', () => {
    const earlier = [segment(13, 'alpha beta gamma')];
    const later = [segment(13.1, '~delta ~epsilon ~zeta')];
    assert.equal(said(merge(earlier, later)), 'alpha beta gamma');
  });

  it('has everything when one side or both are silent', () => {
    const one = [segment(5, 'before it'), segment(12, 'in the middle')];
    assert.deepEqual(merge(one, []), one);
    assert.deepEqual(merge([], one), one);
    assert.deepEqual(merge([], []), []);
    const early = [segment(5, 'before it')];
    const late = [segment(21, 'after it')];
    assert.deepEqual(merge(early, late), [...early, ...late]);
  });

  it('keeps a word that lies across the beginning or the end of the overlap once', () => {
    const across = [segment(9.8, 'harbour lights at night')];
    assert.equal(
      said(merge(across, [segment(10.3, 'lights at night')])),
      'harbour lights at night',
    );
    const whole = [segment(18.8, 'every single morning came early')];
    const cut = [segment(18.8, 'every single mor')];
    assert.equal(said(merge(cut, whole)), 'every single morning came early');
  });

  it('cuts a segment between words where there is no other way', () => {
    const earlier = [segment(8, 'a b c d e f g h ~x ~y ~z')];
    const later = [segment(10, '~u ~v ~w h i j k l m n o p q r s t u')];
    const merged = merge(earlier, later);
    assert.equal(said(merged), 'a b c d e f g h i j k l m n o p q r s t u');
    assert.equal(merged.length, 2);
    for (const part of merged) {
      assert.equal(part.tokens.length, part.words.length);
      assert.equal(part.text, part.words.map(({ text }) => text).join(' '));
      assert.equal(part.start, part.words[0]?.start);
      assert.equal(part.end, part.words.at(-1)?.end);
      assert.equal(part.compressionRatio, compressionRatio(part.text));
    }
    checkOrder(merged);
  });

  it('keeps both of two equal words that are said one after the other', () => {
    const both = [segment(12, 'no no that is it')];
    assert.equal(said(merge(both, both)), 'no no that is it');
  });

  it('keeps times in order where the versions disagree about them', () => {
    const earlier = [segmentOf(words(11, 'one two three four five six seven eight nine'))];
    const later = [segmentOf(words(10.9, 'one two three four five six seven eight nine ten'))];
    checkOrder(merge(earlier, later));
    checkOrder(merge(later, earlier));
  });

  it('joins three chunks one after the other', () => {
    const text = Array.from({ length: 60 }, (_, index) => `w${index}`);
    const from = (start: number, end: number) => [
      segment(start / 2, text.slice(start, end).join(' ')),
    ];
    const first = mergeSegments({ earlier: from(0, 30), later: from(20, 50), from: 10, to: 15 });
    const all = mergeSegments({ earlier: first, later: from(40, 60), from: 20, to: 25 });
    assert.equal(said(all), text.join(' '));
    checkOrder(all);
  });

  it('takes a segment without words as one', () => {
    const bare = (start: number, text: string) => ({ ...segment(start, text), words: [] });
    const merged = merge([bare(11, 'one two')], [bare(11, 'one two'), bare(15, 'three')]);
    assert.deepEqual(texts(merged), ['one two', 'three']);
  });

  it('joins chunks that only meet', () => {
    const parts = [segment(8, 'one two'), segment(10.02, 'three')];
    const merged = mergeSegments({
      earlier: parts.slice(0, 1),
      later: parts.slice(1),
      from: 10,
      to: 10,
    });
    assert.deepEqual(merged, parts);
  });
});

describe('alignWords', () => {
  const aligned = (one: readonly Word[], other: readonly Word[]) =>
    alignWords(one, other).map(({ earlier, later }) =>
      [earlier, later]
        .map((index, side) => (index === undefined ? '-' : (side ? other : one)[index]?.text))
        .join('|'),
    );

  it('puts the same words side by side, and different ones that sound at the same time', () => {
    assert.deepEqual(aligned(words(1, 'We saw thyme.'), words(1.1, 'we saw time')), [
      'We|we',
      'saw|saw',
      'thyme.|time',
    ]);
  });

  it('prefers the same word near by to one farther off', () => {
    assert.deepEqual(aligned(words(1, 'again and again'), words(2, 'again')), [
      'again|-',
      'and|-',
      'again|again',
    ]);
  });

  it('does not take the same word for the same when it is said at another time', () => {
    assert.deepEqual(aligned(words(1, 'yes'), words(4, 'yes')), ['yes|-', '-|yes']);
  });

  it('puts words that only one version has in order of time', () => {
    assert.deepEqual(aligned(words(3, 'late'), words(1, 'early')), ['-|early', 'late|-']);
  });
});

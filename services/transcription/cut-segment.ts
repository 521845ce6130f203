import type { Segment, Word } from '#utils/transcript/types.js';
import { compressionRatio } from './compression-ratio.js';

/** A segment with or without its number and whatever else a caller keeps beside it. */
type Cuttable = Omit<Segment, 'id'>;

/** A confidence is never taken for less than this: the logarithm of 0 is no figure. */
const LEAST_CONFIDENCE = 1e-10;

/**
 * Cuts a segment between words. Each part has the words, text, times and tokens that are its own; `avgLogprob` is the
 * mean over its own tokens (the end token belongs to none), `compressionRatio` that of its text, the rest is as it was.
 * Where words do not say how many tokens they have, tokens are shared out by the length of the words.
 *
 * @param firstWords Index of the first word of every part but the first; 0, doubles and what lies outside is ignored.
 * @returns The parts in order, none without words; only the segment itself where nothing is cut.
 */
export function cutSegment<Found extends Cuttable>(
  segment: Found,
  firstWords: readonly number[],
): Found[] {
  const { words } = segment;
  const cuts = [...new Set(firstWords)]
    .filter((index) => index > 0 && index < words.length)
    .sort((one, other) => one - other);
  if (cuts.length === 0) return [segment];
  const edges = [0, ...cuts, words.length];
  const tokenAt = tokenEdges(segment);
  const textAt = textEdges(segment);
  return edges.slice(0, -1).map((from, index): Found => {
    const to = edges[index + 1] as number;
    const inside = words.slice(from, to);
    const text = textAt
      ? segment.text.slice(textAt[from], textAt[to]).trim()
      : inside.map((word) => word.text).join(' ');
    return {
      ...segment,
      start: from === 0 ? segment.start : (inside[0]?.start ?? segment.start),
      end: to === words.length ? segment.end : (inside.at(-1)?.end ?? segment.end),
      text,
      words: inside,
      tokens: segment.tokens.slice(tokenAt[from], tokenAt[to]),
      avgLogprob: meanLogprob(inside),
      compressionRatio: compressionRatio(text),
    };
  });
}

/** For each word, and for the end, the index of its first token. Every token is some word's. */
function tokenEdges({ words, tokens }: Cuttable): number[] {
  const counts = words.map(({ tokenCount }) => tokenCount ?? Number.NaN);
  const counted = counts.reduce((sum, count) => sum + count, 0) <= tokens.length;
  const sizes = counted ? counts : words.map(({ text }) => text.length + 1);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  const edges = sizes.map((size) => {
    const edge = counted ? before : Math.round((tokens.length * before) / total);
    before += size;
    return edge;
  });
  return [...edges, tokens.length];
}

/** For each word, and for the end, where in the text it begins; undefined where the text is not that of the words. */
function textEdges({ words, text }: Cuttable): number[] | undefined {
  const edges: number[] = [];
  let at = 0;
  for (const word of words) {
    const found = text.indexOf(word.text, at);
    if (found < 0) return undefined;
    edges.push(found);
    at = found + word.text.length;
  }
  return [...edges, text.length];
}

function meanLogprob(words: readonly Word[]): number {
  let sum = 0;
  let tokens = 0;
  for (const { confidence, tokenCount = 1 } of words) {
    sum += tokenCount * Math.log(Math.max(confidence, LEAST_CONFIDENCE));
    tokens += tokenCount;
  }
  return tokens === 0 ? 0 : sum / tokens;
}

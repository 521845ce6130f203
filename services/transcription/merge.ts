import type { Segment, Word } from '#utils/transcript/types.js';
import { cutSegment } from './cut-segment.js';
import { alignWords, type Column, sharedTime } from './merge-align.js';

type Mergeable = Omit<Segment, 'id'>;

export type MergeOptions<Found> = {
  /** Segments of a chunk, in order; what lies before its overlap is not looked at. */
  readonly earlier: readonly Found[];
  /** Segments of the next chunk from its start on, in order: at least those that begin before `to`. */
  readonly later: readonly Found[];
  /** The overlap in seconds of the recording: where the later chunk begins, and where the earlier one ends. */
  readonly from: number;
  readonly to: number;
};

/** A word that lies nearer to the edge of its chunk has had less to be understood from. */
const EDGE_SECONDS = 2;
/** A word at the very edge counts so much of one that is far from it. */
const EDGE_TRUST = 0.1;
/** A segment is cut only where that wins more than this many words. */
const CUT_COST = 0.3;
/** A word that one version alone has is taken for made up where its confidence is below this. */
const LEAST_LONE_CONFIDENCE = 0.25;
/** Of two places that are as good, the one nearer to the middle of the overlap: words lost for a second away from it. */
const MIDDLE_COST = 0.01;

/**
 * Joins the segments of two chunks that overlap, so that every word of the overlap is there once.
 *
 * The two versions of the overlap are aligned, and there is one place at which the earlier version ends and the later
 * one begins: the one that keeps the largest number of right words, as their confidences promise it. So a word that one
 * version lost is taken from the other. Words near the edge of their chunk count less; words that would be said twice
 * at the switch count against it. Where the versions differ, the switch is before or after all of it: two readings of
 * one sound, half of each, would be both. Segments are cut there only for a good reason.
 */
export function mergeSegments<Found extends Mergeable>(options: MergeOptions<Found>): Found[] {
  const { earlier, later, from, to } = options;
  const [before, after] = [unitsOf(earlier), unitsOf(later)];
  const alone = countUntil(before, ({ word }) => word.end > from);
  const columns = alignWords(
    before.slice(alone).map(({ word }) => word),
    after
      .slice(
        0,
        countUntil(after, ({ word }) => word.start >= to),
      )
      .map(({ word }) => word),
  );
  const place = bestPlace({ columns, before, after, alone, from, to });
  return apart([...head(earlier, place.before)], [...tail(later, place.after)]);
}

/** A word with where it stands; a segment without words counts as one word. */
type Unit = {
  readonly word: Pick<Word, 'text' | 'start' | 'end' | 'confidence'>;
  /** A segment begins with it. */
  readonly first: boolean;
};

function unitsOf(segments: readonly Mergeable[]): Unit[] {
  return segments.flatMap((segment) =>
    segment.words.length > 0
      ? segment.words.map((word, index) => ({ word, first: index === 0 }))
      : [{ word: { ...segment, confidence: Math.exp(segment.avgLogprob) }, first: true }],
  );
}

function countUntil(units: readonly Unit[], isOver: (unit: Unit) => boolean): number {
  const found = units.findIndex(isOver);
  return found < 0 ? units.length : found;
}

const unitCount = ({ words }: Mergeable) => Math.max(1, words.length);

/** How many words to take of the earlier version, and how many of the later one to leave out. */
type Place = { readonly before: number; readonly after: number };

function bestPlace(seam: {
  columns: readonly Column[];
  before: readonly Unit[];
  after: readonly Unit[];
  /** Words of the earlier version that are before the overlap. */
  alone: number;
  from: number;
  to: number;
}): Place {
  const { columns, before, after, alone, from, to } = seam;
  const middle = (from + to) / 2;
  let place: Place = { before: alone, after: 0 };
  let best = { score: Number.NEGATIVE_INFINITY, place };
  let gained = 0;
  const hasAgreed = columns.some(({ agreed }) => agreed);
  for (const [index, column] of [...columns, undefined].entries()) {
    const passed = columns[index - 1];
    const isInside = hasAgreed && passed && column && !passed.agreed && !column.agreed;
    const [last, next, first] = [
      before[place.before - 1],
      before[place.before],
      after[place.after],
    ];
    let score = gained;
    if (next && !next.first) score -= CUT_COST;
    if (first && !first.first) score -= CUT_COST;
    if (last && first) score -= sharedTime(last.word, first.word);
    const at = Math.max(from, last?.word.end ?? from) + Math.min(to, first?.word.start ?? to);
    score -= MIDDLE_COST * Math.abs(at / 2 - middle);
    if (!isInside && score > best.score) best = { score, place };
    if (!column) break;
    const one = column.earlier === undefined ? undefined : before[alone + column.earlier]?.word;
    const other = column.later === undefined ? undefined : after[column.later]?.word;
    // Where both agree, it makes no difference which one is kept.
    const doubt = one && other ? 0 : LEAST_LONE_CONFIDENCE;
    if (one && !column.agreed) gained += worth(one, { fromEdgeSeconds: to - one.end, doubt });
    if (other && !column.agreed)
      gained -= worth(other, { fromEdgeSeconds: other.start - from, doubt });
    place = { before: place.before + (one ? 1 : 0), after: place.after + (other ? 1 : 0) };
  }
  return best.place;
}

/** What it gains to keep a word: how right it is expected to be, less the doubt whether it was said at all. */
function worth(
  { confidence }: Unit['word'],
  { fromEdgeSeconds, doubt }: { fromEdgeSeconds: number; doubt: number },
): number {
  const inside = Math.max(0, Math.min(1, fromEdgeSeconds / EDGE_SECONDS));
  return (confidence - doubt) * (EDGE_TRUST + (1 - EDGE_TRUST) * inside);
}

/** The first `count` words, in their segments. */
function* head<Found extends Mergeable>(
  segments: readonly Found[],
  count: number,
): Generator<Found> {
  let left = count;
  for (const segment of segments) {
    if (left <= 0) return;
    const size = unitCount(segment);
    yield left < size ? (cutSegment(segment, [left])[0] as Found) : segment;
    left -= size;
  }
}

/** All but the first `count` words, in their segments. */
function* tail<Found extends Mergeable>(
  segments: readonly Found[],
  count: number,
): Generator<Found> {
  let left = count;
  for (const segment of segments) {
    const size = unitCount(segment);
    if (left < size) yield left > 0 ? (cutSegment(segment, [left])[1] as Found) : segment;
    left = Math.max(0, left - size);
  }
}

/** Puts both sides together. Where their times cross by a little, the second one begins where the first one ends. */
function apart<Found extends Mergeable>(
  first: readonly Found[],
  second: readonly Found[],
): Found[] {
  const [last, next] = [first.at(-1), second[0]];
  if (!last || !next || last.end <= next.start) return [...first, ...second];
  const edge = Math.max(next.start, last.words.at(-1)?.start ?? last.start);
  const early = within(last, Number.NEGATIVE_INFINITY, edge);
  return [
    ...first.slice(0, -1),
    early,
    within(next, edge, Number.POSITIVE_INFINITY),
    ...second.slice(1),
  ];
}

/** The segment with its times and those of its words moved to between two seconds. */
function within<Found extends Mergeable>(segment: Found, from: number, to: number): Found {
  const moved = <Timed extends { readonly start: number; readonly end: number }>(timed: Timed) => ({
    ...timed,
    start: Math.max(from, Math.min(to, timed.start)),
    end: Math.max(from, Math.min(to, timed.end)),
  });
  return { ...moved(segment), words: segment.words.map(moved) };
}

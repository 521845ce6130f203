import type { Segment, Word } from '#utils/transcript/types.js';
import { type CueLimits, chooseCueBreaks } from './cue-breaks.js';
import { oneLine, wordOffsets } from './word-offsets.js';

/** One subtitle: a text that is shown from `start` to `end` (seconds). */
export type Cue = { readonly start: number; readonly end: number; readonly text: string };

export const defaultCueLimits: CueLimits = { maxSeconds: 7, maxCharacters: 84 };

/**
 * Cuts segments into subtitles that can be read. A segment within the limits is one cue, with the segment's own times;
 * a longer one is cut between words, preferably where a sentence or a clause ends or the speaker pauses.
 *
 * The texts of the cues, joined with one space, are the texts of the segments with white space as single spaces: no
 * word is lost or doubled. Cues never overlap within a segment and last at least a millisecond. A segment whose words
 * do not occur in its text stays in one piece, and so does a single word that breaks a limit.
 */
export function cuesFromSegments(
  segments: readonly Segment[],
  limits: CueLimits = defaultCueLimits,
): Cue[] {
  return segments.flatMap((segment) => cuesOfSegment(segment, limits));
}

function cuesOfSegment(segment: Segment, limits: CueLimits): Cue[] {
  const text = oneLine(segment.text);
  if (text === '') return [];
  const whole = { start: segment.start, end: atLeast(segment.end, segment.start), text };
  if (segment.end - segment.start <= limits.maxSeconds && text.length <= limits.maxCharacters) {
    return [whole];
  }
  const offsets = segment.words.length < 2 ? undefined : wordOffsets(text, segment.words);
  if (offsets === undefined) return [whole];
  return cutAtWords({ whole, words: segment.words, offsets, limits });
}

function cutAtWords(options: {
  whole: Cue;
  words: readonly Word[];
  offsets: readonly number[];
  limits: CueLimits;
}): Cue[] {
  const { whole, words, offsets, limits } = options;
  const pieces = words.map((word, index) => ({
    text: whole.text.slice(offsets[index], offsets[index + 1] ?? whole.text.length).trim(),
    start: word.start,
    end: word.end,
  }));
  const starts = chooseCueBreaks(pieces, limits);
  const cues: Cue[] = [];
  let earliest = whole.start;
  starts.forEach((first, index) => {
    const next = starts[index + 1];
    const last = (next ?? pieces.length) - 1;
    // The segment's own edges hold at both ends: they know about breath and tail, the words do not.
    const start = index === 0 ? whole.start : Math.max(earliest, pieces[first]?.start ?? earliest);
    const until = next === undefined ? whole.end : (pieces[next]?.start ?? whole.end);
    const ownEnd = next === undefined ? whole.end : (pieces[last]?.end ?? until);
    const end = atLeast(Math.min(ownEnd, Math.max(until, start)), start);
    const text = whole.text
      .slice(offsets[first], next === undefined ? undefined : offsets[next])
      .trim();
    cues.push({ start, end, text });
    earliest = end;
  });
  return cues;
}

/** A cue of no length is dropped by players and rejected by parsers. */
function atLeast(end: number, start: number): number {
  return Math.max(end, start + 0.001);
}

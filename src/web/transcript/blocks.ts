import type { Transcript } from '#utils/transcript/types.js';
import { correctionsOf, currentName, type Edits } from './edits.js';
import { correctedPieces, type Piece } from './pieces.js';

/** A paragraph of the view: what one speaker says in one go, or a segment where there are no speakers. */
export type Block = {
  readonly index: number;
  /** Current name. Absent: nobody is known to speak here. */
  readonly speaker?: string;
  /** The same speaker goes on, in another paragraph because it would be too long. */
  readonly isContinued: boolean;
  readonly start: number;
  readonly end: number;
  /** Index of its first word in the whole transcript. */
  readonly first: number;
  readonly pieces: readonly Piece[];
};

/** A transcript as paragraphs, and all of its words one behind the other. */
export type Layout = { readonly blocks: readonly Block[]; readonly pieces: readonly Piece[] };

/** A paragraph with this many words takes no further segment: only what is in sight is drawn, in whole paragraphs. */
const MANY_WORDS = 60;

export function layOut(transcript: Transcript, edits: Edits): Layout {
  const hasSpeakers = transcript.speakers !== undefined;
  const corrections = correctionsOf(edits);
  const drafts: Draft[] = [];
  for (const segment of transcript.segments) {
    const pieces = correctedPieces(segment, corrections.get(segment.id));
    if (pieces.length === 0) continue;
    const speaker = segment.speaker === undefined ? undefined : currentName(edits, segment.speaker);
    const open = drafts.at(-1);
    const goesOn = hasSpeakers && open !== undefined && open.speaker === speaker;
    if (goesOn && open.pieces.length < MANY_WORDS) {
      for (const piece of pieces) open.pieces.push(piece);
      open.end = segment.end;
    } else {
      const { start, end } = segment;
      drafts.push({ speaker, isContinued: goesOn, start, end, pieces: pieces.slice() });
    }
  }
  return number(drafts);
}

type Draft = {
  readonly speaker: string | undefined;
  readonly isContinued: boolean;
  readonly start: number;
  end: number;
  readonly pieces: Piece[];
};

function number(drafts: readonly Draft[]): Layout {
  const all: Piece[] = [];
  const blocks = drafts.map(({ speaker, pieces, ...draft }, index): Block => {
    const first = all.length;
    for (const piece of pieces) all.push(piece);
    return { ...draft, index, first, pieces, ...(speaker !== undefined && { speaker }) };
  });
  return { blocks, pieces: all };
}

/** Index of the block that holds this word, by bisection. */
export function blockOfWord(blocks: readonly Block[], word: number): number {
  let [low, high] = [0, blocks.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((blocks[middle]?.first ?? 0) <= word) low = middle;
    else high = middle - 1;
  }
  return low;
}

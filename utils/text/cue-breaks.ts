export type CueLimits = {
  /** Longest time one cue stays on screen, in seconds. */
  readonly maxSeconds: number;
  /** Longest text of one cue; 84 is two lines of 42 characters, what subtitling guides ask for. */
  readonly maxCharacters: number;
};

/** A word as it stands in the text, with what follows it (punctuation); times in seconds. */
type Piece = { readonly text: string; readonly start: number; readonly end: number };

/** A gap between words that is heard as a pause, in seconds. */
const PAUSE_SECONDS = 0.3;
const SENTENCE_END = /[.!?…。！？]["'”’)\]]*$/u;
const CLAUSE_END = /[,;:–—、，；：]["'”’)\]]*$/u;

// Costs are relative: a cue more costs less than a break in the middle of a clause.
const COST_OF_A_CUE = 1;
const COST_OF_BREAK = { sentence: 0, clause: 0.8, pause: 1.2, none: 3 };
/** How much a cue that leaves the room unused costs (squared): keeps cues of like length, no one-word leftovers. */
const COST_OF_EMPTY_ROOM = 1.5;

/**
 * Chooses at which words new cues begin, so that every cue keeps the limits and the breaks fall where a reader expects
 * them. Returns the indices of the first words, ascending, beginning with 0. The cheapest of all divisions is found
 * (dynamic programming over the words), so the same words always give the same cues.
 */
export function chooseCueBreaks(pieces: readonly Piece[], limits: CueLimits): number[] {
  const cheapest: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= pieces.length; end++) {
    let best = { cost: Number.POSITIVE_INFINITY, from: end - 1 };
    for (let from = end - 1; from >= 0; from--) {
      const before = cheapest[from];
      const room = roomTaken(pieces, from, end, limits);
      // A single word is allowed to break a limit: it cannot be cut.
      if (before === undefined || (room > 1 && end - from > 1)) break;
      const cost = before.cost + costOfCue(pieces, end, room);
      if (cost < best.cost) best = { cost, from };
    }
    cheapest.push(best);
  }
  const starts: number[] = [];
  for (let end = pieces.length; end > 0; end = cheapest[end]?.from ?? 0) {
    starts.unshift(cheapest[end]?.from ?? 0);
  }
  return starts;
}

/** Share of the limits that the words from `from` up to `end` take; above 1 a limit is broken. */
function roomTaken(pieces: readonly Piece[], from: number, end: number, limits: CueLimits): number {
  const first = pieces[from];
  const last = pieces[end - 1];
  if (first === undefined || last === undefined) return Number.POSITIVE_INFINITY;
  let characters = end - from - 1;
  for (let index = from; index < end; index++) characters += pieces[index]?.text.length ?? 0;
  return Math.max(characters / limits.maxCharacters, (last.end - first.start) / limits.maxSeconds);
}

function costOfCue(pieces: readonly Piece[], end: number, room: number): number {
  const emptyRoom = Math.max(0, 1 - room);
  return COST_OF_A_CUE + costOfBreakBefore(pieces, end) + COST_OF_EMPTY_ROOM * emptyRoom ** 2;
}

function costOfBreakBefore(pieces: readonly Piece[], index: number): number {
  const last = pieces[index - 1];
  const next = pieces[index];
  if (last === undefined || next === undefined) return 0;
  if (SENTENCE_END.test(last.text)) return COST_OF_BREAK.sentence;
  if (CLAUSE_END.test(last.text)) return COST_OF_BREAK.clause;
  return next.start - last.end >= PAUSE_SECONDS ? COST_OF_BREAK.pause : COST_OF_BREAK.none;
}

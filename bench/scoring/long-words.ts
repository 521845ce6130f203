import { type ComparedWord, normaliseWords } from './normalise.js';
import type { ReferenceTurn } from './references.js';
import { type AlignmentStep, alignWords, sumWordErrors, type WordErrors } from './wer.js';
import type { TimedWord } from './word-starts.js';

/** A word of the reference: when it is said is estimated from its place in its turn, which takes as long for every word. */
export type SaidWord = { readonly text: string; readonly at: number; readonly turn: ReferenceTurn };

/** A recognised word, or several that are one number. */
export type HeardWord<Word extends TimedWord = TimedWord> = {
  readonly text: string;
  readonly at: number;
  /** The first of the words it is made of. */
  readonly word: Word;
};

/** Words of a long recording against the known text; indices of `errors.steps` point into both lists. */
export type LongAlignment<Word extends TimedWord = TimedWord> = {
  readonly errors: WordErrors;
  readonly reference: readonly SaidWord[];
  readonly hypothesis: readonly HeardWord<Word>[];
};

/** A table of all words against all would take hours for a day. */
const PIECE_SECONDS = 300;

/**
 * Aligns the words of a recording of any length with the known text: in pieces of about five minutes, cut in the pauses
 * between turns. A word that is recognised on the wrong side of such a cut counts as two errors, so there can be more
 * errors than in one alignment, never fewer. Turns must be in order and not overlap.
 */
export function alignLongWords<Word extends TimedWord>(
  turns: readonly ReferenceTurn[],
  words: readonly Word[],
): LongAlignment<Word> {
  const reference: SaidWord[] = [];
  const hypothesis: HeardWord<Word>[] = [];
  const pieces: WordErrors[] = [];
  const steps: AlignmentStep[] = [];
  let heardFrom = 0;
  for (const { turns: piece, until } of piecesOf(turns)) {
    let heardTo = heardFrom;
    while (heardTo < words.length && middleOf(words[heardTo] as Word) < until) heardTo++;
    const said = saidWords(piece);
    const heard = heardWords(words.slice(heardFrom, heardTo));
    heardFrom = heardTo;
    const errors = alignWords(
      said.map(({ text }) => text),
      heard.map(({ text }) => text),
    );
    pieces.push(errors);
    steps.push(...errors.steps.map((step) => moved(step, reference.length, hypothesis.length)));
    reference.push(...said);
    hypothesis.push(...heard);
  }
  return { errors: { ...sumWordErrors(pieces), steps }, reference, hypothesis };
}

type PieceOfTurns = {
  readonly turns: readonly ReferenceTurn[];
  /** Second at which the next piece begins; the middle of a pause. */
  readonly until: number;
};

function piecesOf(turns: readonly ReferenceTurn[]): PieceOfTurns[] {
  const pieces: PieceOfTurns[] = [];
  let first = 0;
  turns.forEach((turn, index) => {
    const next = turns[index + 1];
    const begin = turns[first]?.start ?? 0;
    if (next !== undefined && turn.end - begin < PIECE_SECONDS) return;
    const until = next === undefined ? Number.POSITIVE_INFINITY : (turn.end + next.start) / 2;
    pieces.push({ turns: turns.slice(first, index + 1), until });
    first = index + 1;
  });
  return pieces;
}

function saidWords(turns: readonly ReferenceTurn[]): SaidWord[] {
  const said = turns.flatMap((turn) => {
    const texts = turn.text.split(/\s+/).filter((word) => word !== '');
    const each = (turn.end - turn.start) / texts.length;
    return texts.map((text, index) => ({ text, turn, at: turn.start + (index + 0.5) * each }));
  });
  return compared(said).map(({ text, from }) => ({ ...(said[from] as SaidWord), text }));
}

function heardWords<Word extends TimedWord>(words: readonly Word[]): HeardWord<Word>[] {
  return compared(words).map(({ text, from }) => {
    const word = words[from] as Word;
    return { text, at: middleOf(word), word };
  });
}

function compared(words: readonly { readonly text: string }[]): ComparedWord[] {
  return normaliseWords(words.map(({ text }) => text));
}

function middleOf({ start, end }: TimedWord): number {
  return (start + end) / 2;
}

function moved(step: AlignmentStep, references: number, hypotheses: number): AlignmentStep {
  return {
    ...step,
    ...(step.reference !== undefined && { reference: step.reference + references }),
    ...(step.hypothesis !== undefined && { hypothesis: step.hypothesis + hypotheses }),
  } as AlignmentStep;
}

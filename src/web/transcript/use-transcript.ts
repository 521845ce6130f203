import { useMemo, useState } from 'preact/hooks';
import type { Transcript } from '#utils/transcript/types.js';
import { type Layout, layOut } from './blocks.js';
import { type Edits, withSpeakersCalled, withWordCorrected } from './edits.js';
import { afterChange, noHistory, redo, type Step, undo } from './history.js';
import { type Person, peopleOf } from './people.js';
import type { Piece } from './pieces.js';
import { type WordClock, wordClock } from './word-at.js';

/** A transcript with its edits, and what can be done to it. */
export type EditableTranscript = {
  readonly layout: Layout;
  readonly people: readonly Person[];
  readonly words: WordClock;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  undo(): void;
  redo(): void;
  /** Calls a person so everywhere; one who has somebody else's name becomes one with them. */
  rename(person: Person, name: string): void;
  /** Writes a word anew; an empty text takes it away. */
  correct(piece: Piece, text: string): void;
};

export function useTranscript(options: {
  readonly transcript: Transcript;
  readonly edits: Edits;
  readonly onEdits: (edits: Edits) => void;
}): EditableTranscript {
  const { transcript, edits, onEdits } = options;
  const [history, setHistory] = useState(noHistory);
  const layout = useMemo(() => layOut(transcript, edits), [transcript, edits]);
  const people = useMemo(() => peopleOf(transcript, edits, layout.blocks), [layout]);
  const words = useMemo(() => wordClock(layout.pieces), [layout]);
  const change = (next: Edits) => {
    if (next === edits) return;
    setHistory(afterChange(history, edits));
    onEdits(next);
  };
  const step = (taken: Step | undefined) => {
    if (taken === undefined) return;
    setHistory(taken.history);
    onEdits(taken.edits);
  };
  return {
    layout,
    people,
    words,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    undo: () => step(undo(history, edits)),
    redo: () => step(redo(history, edits)),
    rename: ({ originals }, name) => change(withSpeakersCalled(edits, originals, name)),
    correct: (piece, text) =>
      change(withWordCorrected(edits, { place: piece, original: piece.original, text })),
  };
}

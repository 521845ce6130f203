import type { Signal } from '@preact/signals';
import type { Player } from './player.js';
import type { EditableTranscript } from './use-transcript.js';

/** Corrects a word, takes changes back and makes them again: what keys do as well. */
export function EditBar(props: {
  readonly text: EditableTranscript;
  readonly player: Player;
  /** Index of the word that was clicked last or that the keyboard is at. */
  readonly cursor: Signal<number>;
  /** Index of the word that is being corrected, or -1. */
  readonly editing: Signal<number>;
}) {
  const { text, player, cursor, editing } = props;
  return (
    <div class="tool-group">
      <button
        type="button"
        class="button"
        disabled={text.layout.pieces.length === 0}
        title="The word that was clicked last; the same as a double click"
        onClick={() => {
          player.pause();
          editing.value = cursor.peek();
        }}
      >
        Correct word
      </button>
      <button type="button" class="button" disabled={!text.canUndo} onClick={text.undo}>
        Undo
      </button>
      <button type="button" class="button" disabled={!text.canRedo} onClick={text.redo}>
        Redo
      </button>
    </div>
  );
}

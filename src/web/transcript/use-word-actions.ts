import type { Signal } from '@preact/signals';
import { announce } from '../ui/announce.js';
import { type Block, blockOfWord } from './blocks.js';
import { clock } from './clock.js';
import { moveCursor } from './move-cursor.js';
import type { Player } from './player.js';
import type { EditableTranscript } from './use-transcript.js';

/** What clicks and keys on words do. */
export function useWordActions(options: {
  readonly text: Pick<EditableTranscript, 'layout'>;
  readonly player: Player;
  readonly cursor: Signal<number>;
  readonly editing: Signal<number>;
  readonly focusWord: (word: number) => void;
  /** Called when somebody plays from a word. */
  readonly onPlay: () => void;
}) {
  const { text, player, cursor, editing, focusWord, onPlay } = options;
  const { blocks, pieces } = text.layout;
  const play = (word: number) => {
    player.playFrom(pieces[word]?.start ?? 0);
    onPlay();
  };
  const edit = (word: number) => {
    player.pause();
    editing.value = word;
  };
  const onClick = (event: MouseEvent) => {
    const word = wordOf(event);
    // Whoever marks text to copy it does not mean to play it.
    if (word < 0 || getSelection()?.isCollapsed === false) return;
    focusWord(word);
    play(word);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (wordOf(event) < 0) return;
    // Keys may come faster than the focus follows.
    const word = cursor.peek();
    const target = moveCursor(event, { blocks, word, last: pieces.length - 1 });
    if (target !== undefined) {
      announceParagraph(blocks, { from: word, to: target });
      focusWord(target);
    } else if (event.key === 'Enter') play(cursor.peek());
    else if (event.key === 'F2') edit(cursor.peek());
    else return;
    event.preventDefault();
  };
  const onDoubleClick = (event: MouseEvent) => {
    const word = wordOf(event);
    if (word < 0) return;
    getSelection()?.removeAllRanges();
    edit(word);
  };
  return { onClick, onKeyDown, onDoubleClick };
}

/** Says who speaks when the cursor comes to another paragraph: of the word itself only its text is read out. */
function announceParagraph(
  blocks: readonly Block[],
  { from, to }: { from: number; to: number },
): void {
  const block = blocks[blockOfWord(blocks, to)];
  if (block === undefined || block === blocks[blockOfWord(blocks, from)]) return;
  announce([...(block.speaker ? [block.speaker] : []), clock(block.start)].join(', '), 'spoken');
}

/** Index of the word that an event came from, or -1. */
function wordOf({ target }: Event): number {
  const word = (target as Element).closest<HTMLElement>('[data-word]');
  return word === null ? -1 : Number(word.dataset.word);
}

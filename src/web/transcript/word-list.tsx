import type { ReadonlySignal, Signal } from '@preact/signals';
import { useCallback, useRef } from 'preact/hooks';
import { type Block, blockOfWord } from './blocks.js';
import { estimateHeight } from './estimate-height.js';
import { Paragraph } from './paragraph.js';
import type { Person } from './people.js';
import type { Player } from './player.js';
import { useFollow } from './use-follow.js';
import type { Search } from './use-search.js';
import type { EditableTranscript } from './use-transcript.js';
import { useVirtualList, type VirtualList } from './use-virtual-list.js';
import { useWordActions } from './use-word-actions.js';
import { useWordFocus } from './use-word-focus.js';

export type WordListProps = {
  readonly text: EditableTranscript;
  readonly player: Player;
  /** Index of the word that is spoken now, or -1. */
  readonly current: ReadonlySignal<number>;
  /** Index of the word that the keyboard is at. */
  readonly cursor: Signal<number>;
  /** Index of the word that is being corrected, or -1. */
  readonly editing: Signal<number>;
  readonly search: Search;
  /** Code of the language that is spoken. */
  readonly language: string;
  readonly onSpeaker: (person: Person) => void;
};

/**
 * All words, of which only those in sight are drawn. One word at a time can have the focus: Tab comes to the text and
 * leaves it, arrows go through it.
 */
export function WordList(props: WordListProps) {
  const { text, player, current, cursor, editing, search } = props;
  const { blocks } = text.layout;
  const scroller = useRef<HTMLDivElement>(null);
  const width = scroller.current?.clientWidth ?? 800;
  // Read here, so that the focus is seen to when either changes.
  const isEditing = editing.value >= 0;
  const kept = blockOfWord(blocks, cursor.value);
  const estimateSize = useCallback(
    (index: number) => estimateHeight(blocks[index], width),
    [blocks, width],
  );
  const list = useVirtualList(scroller, { count: blocks.length, estimateSize, kept });
  const deps = { scroller, list, blocks };
  const focusWord = useWordFocus({ ...deps, cursor });
  const follow = useFollow({ ...deps, current, search, isPlaying: player.isPlaying });
  const actions = useWordActions({ ...props, focusWord, onPlay: follow.resume });
  if (blocks.length === 0) return <p class="no-words">Nobody says anything in this recording.</p>;
  return (
    <div class="word-list">
      <div ref={scroller} class="word-scroller" {...follow.handlers}>
        <ol
          class="paragraphs"
          aria-label="What was said"
          lang={props.language}
          style={{ height: `${list.getTotalSize()}px` }}
          onClick={actions.onClick}
          onDblClick={actions.onDoubleClick}
          onKeyDown={(event) => !isEditing && actions.onKeyDown(event)}
        >
          <Paragraphs {...props} {...{ list, focusWord }} />
        </ol>
      </div>
      {follow.isAway && (
        <button type="button" class="button back-to-word" onClick={follow.resume}>
          Back to the current word
        </button>
      )}
    </div>
  );
}

/** Those in sight, and the one with the cursor. */
function Paragraphs(
  props: WordListProps & {
    readonly list: VirtualList;
    readonly focusWord: (word: number) => void;
  },
) {
  const { list, text, current, cursor, editing, search, onSpeaker, focusWord } = props;
  const { blocks, pieces } = text.layout;
  const people = new Map(text.people.map((person) => [person.name, person]));
  const finish = (word: number, corrected: string | undefined) => {
    editing.value = -1;
    const piece = pieces[word];
    if (piece !== undefined && corrected !== undefined) text.correct(piece, corrected);
    focusWord(Math.min(word, pieces.length - 1));
  };
  return list.getVirtualItems().map(({ index, start }) => {
    const block = blocks[index];
    if (block === undefined) return null;
    return (
      <Paragraph
        key={index}
        {...{ block, start, search, onSpeaker }}
        measure={list.measureElement}
        count={blocks.length}
        person={people.get(block.speaker ?? '')}
        current={within(block, current.value)}
        cursor={within(block, cursor.value)}
        editing={within(block, editing.value)}
        onEdited={finish}
      />
    );
  });
}

/** A word's index where it is one of this paragraph's, otherwise -1: paragraphs that it does not concern stay as they are. */
function within({ first, pieces }: Block, word: number): number {
  return word >= first && word < first + pieces.length ? word : -1;
}

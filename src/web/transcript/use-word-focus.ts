import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Block, blockOfWord } from './blocks.js';
import type { VirtualList } from './use-virtual-list.js';

/** Moves the cursor to a word and the focus with it, as soon as the word is drawn. */
export function useWordFocus(options: {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly list: VirtualList;
  readonly blocks: readonly Block[];
  readonly cursor: Signal<number>;
}): (word: number) => void {
  const { scroller, list, blocks, cursor } = options;
  const wanted = useRef(-1);
  useLayoutEffect(() => {
    if (wanted.current < 0) return;
    const word = findWord(scroller.current, wanted.current);
    if (word === null || word.tabIndex < 0) return;
    wanted.current = -1;
    word.focus({ preventScroll: true });
    word.scrollIntoView({ block: 'nearest' });
  });
  return (word) => {
    wanted.current = word;
    const block = blockOfWord(blocks, word);
    const isDrawn = list.getVirtualItems().some(({ index }) => index === block);
    if (!isDrawn) list.scrollToIndex(block, { align: 'center' });
    if (cursor.peek() === word) findWord(scroller.current, word)?.focus({ preventScroll: true });
    cursor.value = word;
  };
}

/** The element of a word, if it is drawn. */
export function findWord(scroller: HTMLElement | null, word: number): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-word="${word}"]`) ?? null;
}

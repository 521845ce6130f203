import { type ReadonlySignal, useSignalEffect } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type Block, blockOfWord } from './blocks.js';
import type { Search } from './use-search.js';
import type { VirtualList } from './use-virtual-list.js';
import { findWord } from './use-word-focus.js';

/** Keys that scroll the list, besides those that move from word to word. */
const SCROLL_KEYS = ['PageUp', 'PageDown'];
/** Part of the list, from its top and its bottom, that a word may not be in while it is followed. */
const MARGIN = 0.15;

/**
 * Keeps the word that is spoken in sight while it plays, and goes to what was searched for. Whoever scrolls by hand is
 * left alone until they want to come back.
 */
export function useFollow(options: {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly list: VirtualList;
  readonly blocks: readonly Block[];
  readonly current: ReadonlySignal<number>;
  readonly isPlaying: ReadonlySignal<boolean>;
  readonly search: Pick<Search, 'matches' | 'selected'>;
}) {
  const { current, isPlaying, search } = options;
  const [isFollowing, setFollowing] = useState(true);
  const leave = () => setFollowing(false);
  const show = (word: number) => bringIntoSight(word, options);
  const found = search.matches.first[search.selected];
  useEffect(() => {
    if (found === undefined) return;
    leave();
    show(found);
  }, [found]);
  useSignalEffect(() => {
    const word = current.value;
    if (isFollowing && isPlaying.value && word >= 0) show(word);
  });
  return {
    /** Whether something is spoken that one has scrolled away from. */
    isAway: !isFollowing && isPlaying.value && current.value >= 0,
    /** Follows again, from now on. */
    resume: () => {
      setFollowing(true);
      if (current.peek() >= 0) show(current.peek());
    },
    handlers: {
      onWheel: leave,
      onTouchMove: leave,
      // On the list itself, not on a word: the scroll bar.
      onPointerDown: (event: PointerEvent) => event.target === event.currentTarget && leave(),
      onKeyDown: (event: KeyboardEvent) => SCROLL_KEYS.includes(event.key) && leave(),
    },
  };
}

function bringIntoSight(
  word: number,
  { scroller, list, blocks }: Pick<Parameters<typeof useFollow>[0], 'scroller' | 'list' | 'blocks'>,
): void {
  const element = findWord(scroller.current, word);
  const frame = scroller.current?.getBoundingClientRect();
  if (frame === undefined) return;
  if (element === null) {
    list.scrollToIndex(blockOfWord(blocks, word), { align: 'center' });
    return;
  }
  const { top, bottom } = element.getBoundingClientRect();
  const margin = frame.height * MARGIN;
  if (top >= frame.top + margin && bottom <= frame.bottom - margin) return;
  // Smooth or not is for the style sheet, which knows who wants less motion.
  scroller.current?.scrollBy({ top: top - frame.top - frame.height / 3 });
}

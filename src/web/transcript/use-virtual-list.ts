import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

export type VirtualList = Virtualizer<HTMLElement, HTMLElement>;

type Options = {
  readonly count: number;
  /** Height of a row that was not measured yet, in pixels. */
  readonly estimateSize: (index: number) => number;
  /** A row that is always there, in sight or not: the one with the focus. */
  readonly kept: number;
};

/** Rows out of sight that are drawn as well, so that nothing is blank when one scrolls. */
const OVERSCAN = 4;

/** Draws only the rows in sight; heights are measured as rows are drawn. */
export function useVirtualList(
  scroller: RefObject<HTMLElement | null>,
  { count, estimateSize, kept }: Options,
): VirtualList {
  const [, redraw] = useReducer((times: number) => times + 1, 0);
  const options = {
    count,
    estimateSize,
    overscan: OVERSCAN,
    getScrollElement: () => scroller.current,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
    rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
      const rows = defaultRangeExtractor(range);
      return kept < 0 || kept >= count || rows.includes(kept)
        ? rows
        : [...rows, kept].sort((one, other) => one - other);
    },
  };
  const [list] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  list.setOptions(options);
  useLayoutEffect(() => list._didMount(), [list]);
  useLayoutEffect(() => list._willUpdate());
  return list;
}

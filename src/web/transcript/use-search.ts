import type { Signal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Piece } from './pieces.js';
import {
  findAll,
  type Matches,
  nearestMatch,
  noMatches,
  type SearchIndex,
  searchIndex,
} from './search-index.js';

/** A search while it goes on. */
export type Search = {
  readonly query: string;
  readonly matches: Matches;
  /** Number of the match that was gone to, or -1. */
  readonly selected: number;
  readonly input: RefObject<HTMLInputElement | null>;
  type(query: string): void;
  /** Goes to the next match, or the one before, round and round. */
  move(by: 1 | -1): void;
  /** Puts the focus into the field; false where it is there already, so that the browser's own search opens. */
  focus(): boolean;
};

/** Looks for words, from the cursor on. The index is made when something is looked for first. */
export function useSearch(pieces: readonly Piece[], cursor: Signal<number>): Search {
  const input = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState('');
  const [selected, setSelected] = useState(-1);
  const find = useMemo(() => finder(pieces), [pieces]);
  const matches = find(query);
  const count = matches.first.length;
  return {
    query,
    matches,
    selected: Math.min(selected, count - 1),
    input,
    type(next) {
      setQuery(next);
      setSelected(nearestMatch(find(next), cursor.peek()));
    },
    move(by) {
      if (count > 0) setSelected((selected + by + count) % count);
    },
    focus() {
      if (document.activeElement === input.current) return false;
      input.current?.focus();
      input.current?.select();
      return true;
    },
  };
}

/** Finds in these words; makes the index once, and remembers what was found last. */
function finder(pieces: readonly Piece[]): (query: string) => Matches {
  let index: SearchIndex | undefined;
  let last = { query: '', matches: noMatches };
  return (query) => {
    if (query !== last.query) {
      index ??= searchIndex(pieces);
      last = { query, matches: findAll(index, query) };
    }
    return last.matches;
  };
}

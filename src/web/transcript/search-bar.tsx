import type { Search } from './use-search.js';

/** Search as one types: Enter goes to the next place, with Shift to the one before, Escape empties the field. */
export function SearchBar({ search }: { readonly search: Search }) {
  const { query, matches, selected } = search;
  const count = matches.first.length;
  return (
    <search class="tool-group">
      <input
        ref={search.input}
        type="search"
        class="search-field"
        aria-label="Search the transcript"
        placeholder="Search"
        value={query}
        onInput={(event) => search.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') search.move(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') search.type('');
          else return;
          event.preventDefault();
        }}
      />
      <button type="button" class="button" disabled={count === 0} onClick={() => search.move(-1)}>
        Previous
      </button>
      <button type="button" class="button" disabled={count === 0} onClick={() => search.move(1)}>
        Next
      </button>
      <output class="search-count" aria-live="polite">
        {query === '' ? '' : found(count, selected)}
      </output>
    </search>
  );
}

function found(count: number, selected: number): string {
  if (count === 0) return 'Not found';
  return `${(selected + 1).toLocaleString('en')} of ${count.toLocaleString('en')}`;
}

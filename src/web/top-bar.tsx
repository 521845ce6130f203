import { apiKey } from './api/api-key.js';
import { liveLink, newLink, route } from './route.js';
import { Icon } from './ui/icon.js';

/** The name of the page, ways through it, and a way past them for the keyboard. */
export function TopBar() {
  const { page } = route.value;
  return (
    <header class="top-bar">
      {/* A link would change the address, which says what is shown. */}
      <button
        type="button"
        class="button skip-link"
        onClick={() => document.getElementById('main')?.focus()}
      >
        Skip to the content
      </button>
      <a class="brand" href={newLink} aria-label="whosaid, new transcription">
        <Mark />
        whosaid
      </a>
      <nav aria-label="Main">
        <a class="nav-link" href={newLink} {...(page === 'new' && { 'aria-current': 'page' })}>
          <Icon name="plus" />
          New
        </a>
        <a class="nav-link" href={liveLink} {...(page === 'live' && { 'aria-current': 'page' })}>
          <Icon name="captions" />
          Live
        </a>
        <a class="nav-link" href="docs">
          API
        </a>
        {apiKey.value !== '' && (
          <button
            type="button"
            class="nav-link"
            onClick={() => {
              apiKey.value = '';
            }}
          >
            <Icon name="key" />
            Forget the key
          </button>
        )}
      </nav>
    </header>
  );
}

/** Two voices, one after the other. */
function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M5 13v6M10 8v16M15 11v10" />
      <path class="mark-other" d="M20 13v6M25 9v14M30 14v4" />
    </svg>
  );
}

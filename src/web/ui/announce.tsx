import { signal } from '@preact/signals';
import { Icon } from './icon.js';

/** Read out alone; shown for a while; shown until it is put away. */
type Kind = 'spoken' | 'note' | 'error';

type Notice = { readonly id: number; readonly text: string; readonly kind: Kind };

/** Long enough to be read twice. */
const SHOWN_MS = 10_000;
const MOST_AT_ONCE = 4;

const notices = signal<readonly Notice[]>([]);
let lastId = 0;

/** Says something to screen readers, and on the screen unless it can be seen there anyway. */
export function announce(text: string, kind: Kind = 'note'): void {
  lastId += 1;
  const id = lastId;
  // Once is enough for what is tried again and again.
  const others = notices.value.filter((notice) => notice.text !== text);
  notices.value = [...others.slice(1 - MOST_AT_ONCE), { id, text, kind }];
  if (kind !== 'error') setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Where what is announced appears. The region is there from the beginning: screen readers follow no later ones. */
export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <NoticeLine key={notice.id} {...notice} />
      ))}
    </div>
  );
}

function NoticeLine({ id, text, kind }: Notice) {
  if (kind === 'spoken') return <p class="visually-hidden">{text}</p>;
  return (
    <div class={kind === 'error' ? 'notice notice-error' : 'notice'}>
      <p>{text}</p>
      <button type="button" class="button-icon" onClick={() => dismiss(id)}>
        <Icon name="close" label="Put this message away" />
      </button>
    </div>
  );
}

import type { Player } from './player.js';
import type { Search } from './use-search.js';
import type { EditableTranscript } from './use-transcript.js';

/** Seconds that an arrow moves. */
const STEP_SECONDS = 5;

/** Whatever takes keys for itself: text to type, choices, buttons that a space presses. */
const OWN_KEYS = 'input, textarea, select, summary, dialog *';

type Deps = {
  readonly player: Player;
  readonly text: Pick<EditableTranscript, 'undo' | 'redo'>;
  readonly search: Pick<Search, 'focus'>;
};

/** Keys that hold all over the view, unless what has the focus uses them itself. */
export function handleShortcut(event: KeyboardEvent, { player, text, search }: Deps): void {
  if (event.defaultPrevented || event.altKey) return;
  const target = event.target as Element;
  const types = target.matches(OWN_KEYS);
  const withControl = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (withControl && key === 'f' && !search.focus()) return;
  if (withControl && key === 'f') event.preventDefault();
  else if (withControl && types) return;
  else if (withControl && (key === 'y' || (key === 'z' && event.shiftKey))) act(event, text.redo);
  else if (withControl && key === 'z') act(event, text.undo);
  else if (withControl || types) return;
  else if (key === ' ' && !target.matches('button, [role=button]:not([data-word])'))
    act(event, () => player.toggle());
  else if (key === 'arrowleft') act(event, () => player.seek(player.time.peek() - STEP_SECONDS));
  else if (key === 'arrowright') act(event, () => player.seek(player.time.peek() + STEP_SECONDS));
}

function act(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}

import type { Edits } from './edits.js';

/** Edits before and after the present ones, nearest last. */
export type History = { readonly past: readonly Edits[]; readonly future: readonly Edits[] };

export const noHistory: History = { past: [], future: [] };

/** How many steps can be taken back. */
const MOST_STEPS = 200;

/** The history once `present` gives way to something new: what was taken back is forgotten. */
export function afterChange({ past }: History, present: Edits): History {
  return { past: [...past, present].slice(-MOST_STEPS), future: [] };
}

/** One step back, if there is one: the edits then, and the history from there. */
export function undo({ past, future }: History, present: Edits): Step | undefined {
  const edits = past.at(-1);
  return edits && { edits, history: { past: past.slice(0, -1), future: [...future, present] } };
}

/** One step that was taken back, taken again. */
export function redo({ past, future }: History, present: Edits): Step | undefined {
  const edits = future.at(-1);
  return edits && { edits, history: { past: [...past, present], future: future.slice(0, -1) } };
}

export type Step = { readonly edits: Edits; readonly history: History };

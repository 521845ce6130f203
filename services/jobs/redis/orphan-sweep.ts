import type { JobFiles } from './job-files.js';
import type { JobState } from './job-state.js';

/** All names are asked for each time. */
const EVERY_MS = 3_600_000;

/**
 * Removes files that belong to no job: of those that were refused or removed while somebody still wrote. Files come before
 * their job, so only those go which nobody owned an hour ago, either.
 */
export class OrphanSweep {
  readonly #parts: { readonly state: JobState; readonly files: JobFiles };
  #orphans = new Set<string>();
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor(parts: { readonly state: JobState; readonly files: JobFiles }) {
    this.#parts = parts;
  }

  /** Does something once an hour, however often it is called. */
  async sweep(): Promise<void> {
    const now = performance.now();
    if (now - this.#sweptMs < EVERY_MS) return;
    this.#sweptMs = now;
    const { state, files } = this.#parts;
    const found = new Set<string>();
    for (const id of await files.ids()) {
      if ((await state.statusOf(id)) !== undefined) continue;
      if (this.#orphans.has(id)) await files.remove(id);
      else found.add(id);
    }
    this.#orphans = found;
  }
}

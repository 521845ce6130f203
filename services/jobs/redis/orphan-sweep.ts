/** All names are asked for each time. */
const EVERY_MS = 3_600_000;

export type OrphanSweepOptions = {
  /** Files that belong to nobody, for now at least: by names, of which each is a folder. */
  readonly find: () => Promise<readonly string[]>;
  readonly remove: (name: string) => Promise<void>;
};

/**
 * Removes files that belong to nobody: of jobs that were refused or removed while somebody still wrote, and of processes
 * that were killed. Files come before whoever they belong to, so only those go that nobody owned an hour ago, either.
 */
export class OrphanSweep {
  readonly #options: OrphanSweepOptions;
  #orphans = new Set<string>();
  #sweptMs = Number.NEGATIVE_INFINITY;

  constructor(options: OrphanSweepOptions) {
    this.#options = options;
  }

  /** Does something once an hour, however often it is called. */
  async sweep(): Promise<void> {
    const now = performance.now();
    if (now - this.#sweptMs < EVERY_MS) return;
    this.#sweptMs = now;
    const found = new Set<string>();
    for (const name of await this.#options.find()) {
      if (this.#orphans.has(name)) await this.#options.remove(name);
      else found.add(name);
    }
    this.#orphans = found;
  }
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import type { Driver } from '../driver.js';
import { type FeatureId, featureIds, features } from '../features/index.js';

/** `lacking`: the client has no such feature. `untried`: this machine lacks what it takes. */
export type Result = 'works' | 'fails' | 'lacking' | 'untried';

/** Collects what came of every feature with every client, for scripts/compatibility.mjs. */
export class Results {
  readonly #results = new Map<string, Map<FeatureId, Result>>();

  set(driver: Driver, feature: FeatureId, result: Result): void {
    const results = this.#results.get(driver.id) ?? new Map<FeatureId, Result>();
    this.#results.set(driver.id, results.set(feature, result));
  }

  /** Writes `.cache/compatibility.json`: the rows, and for each client what came of them. */
  write(drivers: readonly Driver[]): void {
    const rows = featureIds.map((id) => ({
      id,
      group: features[id].group,
      title: features[id].title,
    }));
    const clients = drivers.map(({ id, name, version, lacks }) => ({
      id,
      name,
      version,
      lacks,
      results: Object.fromEntries(this.#results.get(id) ?? []),
    }));
    const folder = join(projectRoot, '.cache');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'compatibility.json');
    writeFileSync(path, `${JSON.stringify({ rows, clients }, undefined, 2)}\n`);
  }
}

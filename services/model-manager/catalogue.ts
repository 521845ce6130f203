import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { catalogueProblems } from './catalogue-checks.js';
import { catalogueSchema, type ModelEntry, type ModelTask } from './catalogue-schema.js';

export type { ModelEntry, ModelFile, ModelSource, ModelTask } from './catalogue-schema.js';

/** Every model that the project knows, installed or not. */
export type Catalogue = {
  /** Folder of the catalogue file; bundled paths count from it. */
  readonly folder: string;
  readonly entries: readonly ModelEntry[];
  get(id: string): ModelEntry | undefined;
  /** As `get`, but throws `model_unknown`. */
  entryOf(id: string): ModelEntry;
  /** Entries with `default: true`, in the catalogue's order. */
  readonly defaults: readonly ModelEntry[];
  /** The default recogniser. */
  readonly defaultAsr: ModelEntry;
  /** The model for what does not depend on the recogniser: the first default one with this task, else the first. */
  forTask(task: ModelTask): ModelEntry | undefined;
  /**
   * The entries of `ids` with everything they require, requirements first, each once.
   * Throws `model_unknown` for an id that is not in the catalogue.
   */
  withRequirements(ids: readonly string[]): ModelEntry[];
};

/** Reads and checks the catalogue. Throws `model_catalogue_invalid` naming every problem at once. */
export function loadCatalogue(path: string): Catalogue {
  const entries = readEntries(path);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const entryOf = (id: string): ModelEntry => {
    const entry = byId.get(id);
    if (entry) return entry;
    const known = entries.map((each) => each.id).join(', ');
    throw new WhosaidError('model_unknown', { model: id, known });
  };
  return {
    folder: dirname(path),
    entries,
    get: (id) => byId.get(id),
    entryOf,
    defaults: entries.filter((entry) => entry.default),
    defaultAsr: entries.find((entry) => entry.task === 'asr' && entry.default) as ModelEntry,
    forTask: (task) => {
      const able = entries.filter((entry) => entry.task === task);
      return able.find((entry) => entry.default) ?? able[0];
    },
    withRequirements: (ids) => [
      ...new Set(ids.map(entryOf).flatMap((entry) => [...entry.requires.map(entryOf), entry])),
    ],
  };
}

function readEntries(path: string): ModelEntry[] {
  const parsed = catalogueSchema.safeParse(readJson(path));
  // Relations are only checked between entries that have the right shape.
  const problems = parsed.success
    ? catalogueProblems(parsed.data.models)
    : parsed.error.issues.map((issue) => `${place(issue.path)}: ${issue.message}`);
  if (problems.length > 0 || !parsed.success) throw invalid(path, problems);
  return parsed.data.models;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw invalid(path, [cause instanceof Error ? cause.message : String(cause)], cause);
  }
}

function invalid(path: string, problems: readonly string[], cause?: unknown): WhosaidError {
  const params = {
    path,
    count: problems.length,
    problems: problems.map((problem) => `\n  - ${problem}`).join(''),
  };
  return new WhosaidError('model_catalogue_invalid', params, { cause });
}

function place(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, key) =>
      typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`,
    '',
  );
}

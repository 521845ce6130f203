import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { catalogueProblems } from './catalogue-checks.js';
import {
  catalogueSchema,
  type ModelEntry,
  type ModelFamily,
  type ModelTask,
} from './catalogue-schema.js';
import { readCustomModels } from './custom-models.js';
import { issueText } from './issue-text.js';

export type {
  ModelEntry,
  ModelFamily,
  ModelFile,
  ModelSource,
  ModelTask,
} from './catalogue-schema.js';

/** Every model that the project knows, installed or not, and the operator's own. */
export type Catalogue = {
  /** Folder of the catalogue file; bundled paths count from it. */
  readonly folder: string;
  /** The operator's own come last. */
  readonly entries: readonly ModelEntry[];
  readonly families: readonly ModelFamily[];
  /** What is wrong with the operator's own models, a sentence or more each. The others do not depend on it. */
  readonly customProblems: readonly string[];
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

/**
 * Reads and checks the catalogue, and the operator's own models in `modelsDir` where that is given. Throws
 * `model_catalogue_invalid` naming every problem at once; those of the operator's own models are `customProblems` instead.
 */
export function loadCatalogue(
  path: string,
  { modelsDir }: { readonly modelsDir?: string } = {},
): Catalogue {
  const { models, families } = readCatalogue(path);
  const known = new Map(models.map((entry) => [entry.id, entry]));
  const custom =
    modelsDir === undefined
      ? { entries: [], problems: [] }
      : readCustomModels({ modelsDir, known });
  const entries = [...models, ...custom.entries];
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
    families,
    customProblems: custom.problems,
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

function readCatalogue(path: string): { models: ModelEntry[]; families: ModelFamily[] } {
  const parsed = catalogueSchema.safeParse(readJson(path));
  // Relations are only checked between entries that have the right shape.
  const problems = parsed.success
    ? catalogueProblems(parsed.data)
    : parsed.error.issues.map(issueText);
  if (problems.length > 0 || !parsed.success) throw invalid(path, problems);
  return parsed.data;
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

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { capabilitiesSchema, limitsSchema, type ModelEntry } from './catalogue-schema.js';
import {
  CUSTOM_FILE,
  type CustomModel,
  customFileSchema,
  customModelSchema,
} from './custom-schema.js';
import { issueText } from './issue-text.js';

export type CustomModels = {
  readonly entries: readonly ModelEntry[];
  /** A sentence or more for each thing that is wrong; what it is about is left out or cannot be used yet. */
  readonly problems: readonly string[];
};

/** What entries are made with. */
type Context = {
  readonly modelsDir: string;
  /** Of the catalogue itself. */
  readonly known: ReadonlyMap<string, ModelEntry>;
};

/**
 * Models of the operator's own, from `custom.json` in the folder of models; none where there is no such file. What is
 * wrong there is told and left out: neither the other models nor the server depend on it.
 */
export function readCustomModels(context: Context): CustomModels {
  const path = join(context.modelsDir, CUSTOM_FILE);
  const read = readModels(path);
  if (read.problem !== undefined) return { entries: [], problems: [read.problem] };
  const entries: ModelEntry[] = [];
  const problems: string[] = [];
  for (const [index, json] of read.models.entries()) {
    const found = readModel(json, { ...context, taken: entries });
    const place = `${path}: ${nameOf(json) ?? `models[${index}]`}`;
    for (const problem of found.problems) problems.push(`${place}: ${problem}`);
    if (found.entry) entries.push(found.entry);
    else
      problems.push(`${place} is left out until that is corrected and the server started again.`);
  }
  return { entries, problems };
}

function readModels(path: string): { models: readonly unknown[]; problem?: string } {
  const remedy =
    'None of its models can be used until that is corrected and the server started again.';
  try {
    const parsed = customFileSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (parsed.success) return { models: parsed.data.models };
    const [issue] = parsed.error.issues as [z.core.$ZodIssue];
    return { models: [], problem: `${path}: ${issueText(issue)}. ${remedy}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { models: [] };
    const reason = error instanceof Error ? error.message : String(error);
    return { models: [], problem: `${path} cannot be read: ${reason}. ${remedy}` };
  }
}

function readModel(
  json: unknown,
  context: Context & { readonly taken: readonly ModelEntry[] },
): { entry?: ModelEntry; problems: readonly string[] } {
  const parsed = customModelSchema.safeParse(json);
  if (!parsed.success) return { problems: parsed.error.issues.map(issueText) };
  const model = parsed.data;
  const problems = modelProblems(model, context);
  if (problems.length > 0) return { problems };
  const entry = entryOf(model, context);
  return { entry, problems: missingFiles(entry) };
}

function modelProblems(
  { id, like, family, files }: CustomModel,
  { known, taken }: Context & { readonly taken: readonly ModelEntry[] },
): string[] {
  const problems: string[] = [];
  if (taken.some((entry) => entry.id === id)) problems.push('its id is used twice');
  const recognisers = [...known.values()].filter(({ task }) => task === 'asr');
  if (like !== undefined && known.get(like)?.task !== 'asr')
    problems.push(
      `like is "${like}"; expected one of ${recognisers.map((entry) => entry.id).join(', ')}`,
    );
  const families = [...new Set(recognisers.map((entry) => entry.family))];
  if (family !== undefined && !families.includes(family))
    problems.push(`family is "${family}"; expected one of ${families.join(', ')}`);
  if (like === undefined && (family === undefined || files === undefined))
    problems.push(
      'expected "family" and "files", or "like" with the id of a model of the catalogue that has them',
    );
  return problems;
}

function entryOf(model: CustomModel, { modelsDir, known }: Context): ModelEntry {
  const base = model.like === undefined ? undefined : known.get(model.like);
  const vad = [...known.values()].find(({ task }) => task === 'vad');
  const paths = model.files ?? base?.files.map(({ path }) => path) ?? [];
  return {
    id: model.id,
    family: model.family ?? (base as ModelEntry).family,
    task: 'asr',
    name: model.name ?? `${model.id.slice(model.id.indexOf(':') + 1)} (${model.like ?? 'own'})`,
    languages: model.languages ?? base?.languages ?? [],
    licence: model.licence ?? base?.licence ?? 'not stated',
    origin: model.origin ?? "the operator's own",
    files: paths.map((path) => ({ path, replaceable: false, sources: [] })),
    capabilities: capabilitiesSchema.parse({ ...base?.capabilities, ...model.capabilities }),
    limits: limitsSchema.parse(model.limits ?? base?.limits ?? {}),
    requires: vad ? [vad.id] : [],
    default: false,
    ...(base?.notice !== undefined && { notice: base.notice }),
    conversion: `Put its files there, or correct its folder in ${CUSTOM_FILE}.`,
    tested: 'no',
    links: {},
    folder: resolve(modelsDir, model.folder),
  };
}

/** The model counts as not installed until they are there; no restart is needed for that. */
function missingFiles({ files, folder = '' }: ModelEntry): string[] {
  const missing = files.map(({ path }) => path).filter((path) => !existsSync(join(folder, path)));
  if (missing.length === 0) return [];
  return [`${folder} lacks ${missing.join(', ')}; the model can be used once they are there.`];
}

function nameOf(json: unknown): string | undefined {
  const { id } = (json ?? {}) as { id?: unknown };
  return typeof id === 'string' && id !== '' ? `"${id}"` : undefined;
}

import { join } from 'node:path';
import type { PunctuationSpec } from '#services/punctuation/types.js';
import type { Catalogue, ModelEntry } from './catalogue.js';
import type { ModelFilePath } from './protocol.js';
import type { ModelStore } from './store.js';

export type PunctuationChoice = {
  /** Each with the languages that it is used for. */
  readonly models: readonly PunctuationSpec[];
  readonly files: readonly ModelFilePath[];
  /** What keeps text without punctuation, for the log: a sentence each. */
  readonly notes: readonly string[];
};

type Context = {
  readonly catalogue: Pick<Catalogue, 'entries'>;
  readonly store: Pick<ModelStore, 'isInstalled' | 'path'>;
};

const SETTING = 'ENABLE_PUNCTUATION_RESTORATION';

/**
 * The models that punctuate what a recogniser writes: for each of its languages the installed one that knows the fewest
 * others. None where the recogniser writes punctuation itself.
 */
export async function choosePunctuation(
  recogniser: ModelEntry,
  context: Context,
): Promise<PunctuationChoice> {
  const chosen = new Map<ModelEntry, string[]>();
  const missing = new Map<ModelEntry, string[]>();
  if (recogniser.capabilities.punctuation) return { models: [], files: [], notes: [] };
  for (const language of recogniser.languages) {
    const able = punctuationModels(context, language);
    const [best] = able;
    if (!best) continue;
    const installed = await firstInstalled(able, context);
    const list = installed ? chosen : missing;
    const entry = installed ?? best;
    list.set(entry, [...(list.get(entry) ?? []), language]);
  }
  const models = await Promise.all(
    [...chosen].map(([entry, languages]) => specOf(entry, languages, context)),
  );
  return {
    models,
    files: models.flatMap(({ modelId, modelDir, modelFiles }) =>
      modelFiles.map((name) => ({ modelId, path: join(modelDir, name) })),
    ),
    notes: [
      ...[...missing].map(
        ([{ id }, languages]) =>
          `${SETTING} does nothing for '${recogniser.id}' in ${languages.join(', ')} until './bin/whosaid models pull ${id}' was run and the server was started anew`,
      ),
      ...(chosen.size + missing.size === 0
        ? [`${SETTING} does nothing for '${recogniser.id}': no model punctuates its languages`]
        : []),
    ],
  };
}

function punctuationModels({ catalogue }: Context, language: string): ModelEntry[] {
  return catalogue.entries
    .filter(({ task, languages }) => task === 'punctuation' && languages.includes(language))
    .sort((one, other) => one.languages.length - other.languages.length);
}

async function firstInstalled(
  entries: readonly ModelEntry[],
  { store }: Context,
): Promise<ModelEntry | undefined> {
  for (const entry of entries) if (await store.isInstalled(entry.id)) return entry;
  return undefined;
}

async function specOf(
  { id, family, files }: ModelEntry,
  languages: readonly string[],
  { store }: Context,
): Promise<PunctuationSpec> {
  return {
    family,
    modelId: id,
    modelDir: await store.path(id),
    modelFiles: files.map(({ path }) => path),
    languages,
  };
}

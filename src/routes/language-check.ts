import type { Catalogue, ModelEntry } from '#services/model-manager/catalogue.js';
import type { ModelStore } from '#services/model-manager/store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { languageName } from '#utils/languages/languages.js';

/**
 * Throws `language_unsupported` when a model does not know the language that was asked for, naming a model of the
 * catalogue that does and how to get it. A model without a list of languages takes any.
 */
export async function checkLanguage(options: {
  /** ISO 639-1 code; absent means: detect. */
  readonly language: string | undefined;
  readonly entry: ModelEntry;
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled'>;
}): Promise<void> {
  const { language, entry } = options;
  if (language === undefined || knows(entry, language)) return;
  throw new WhosaidError('language_unsupported', {
    model: entry.id,
    language: languageName(language),
    known: entry.languages.map(languageName).join(', '),
    remedy: await remedyFor({ ...options, language }),
  });
}

function knows(entry: ModelEntry, language: string): boolean {
  return entry.languages.length === 0 || entry.languages.includes(language);
}

async function remedyFor(options: {
  readonly language: string;
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled'>;
}): Promise<string> {
  const { language, catalogue, store } = options;
  const able = catalogue.entries.filter((entry) => entry.task === 'asr' && knows(entry, language));
  for (const { id } of able) {
    if (await store.isInstalled(id)) return `Send model=${id}, which does.`;
  }
  const [first] = able;
  if (first === undefined) return "No model in this server's catalogue knows it.";
  return `Fetch one that does with './bin/whosaid models pull ${first.id}' and send model=${first.id}.`;
}

import type { ModelEntry } from '#services/model-manager/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { languageName } from '#utils/languages/languages.js';
import { type AbleModelContext, ableModelRemedy } from './able-model.js';

/**
 * Throws `language_unsupported` when a model does not know a language that was asked for, naming a model of the
 * catalogue that does and how to get it. A model without a list of languages takes any.
 */
export async function checkLanguages(
  options: {
    /** ISO 639-1 codes; none means: detect. */
    readonly languages: readonly string[];
    /** The field that asks for them. */
    readonly param: 'language' | 'languages';
    readonly entry: ModelEntry;
  } & AbleModelContext,
): Promise<void> {
  const { languages, param, entry } = options;
  const unknown = languages.find((language) => !knows(entry, language));
  if (unknown === undefined) return;
  throw new WhosaidError('language_unsupported', {
    param,
    model: entry.id,
    language: languageName(unknown),
    known: entry.languages.map(languageName).join(', '),
    remedy: await ableModelRemedy((other) => knowsLanguages(other, languages), options),
  });
}

/** Whether a model knows all of these languages. */
export function knowsLanguages(entry: ModelEntry, languages: readonly string[]): boolean {
  return languages.every((language) => knows(entry, language));
}

function knows(entry: ModelEntry, language: string): boolean {
  return entry.languages.length === 0 || entry.languages.includes(language);
}

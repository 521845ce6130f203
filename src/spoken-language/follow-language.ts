import type { ModelEntry } from '#services/model-manager/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { languageName } from '#utils/languages/languages.js';
import { type AbleModelContext, ableModelRemedy, findAbleModel } from '../routes/able-model.js';
import { knowsLanguages } from '../routes/language-check.js';
import type { RequestedModel } from '../routes/request-model.js';
import { detectSpokenLanguage, installedDetector, type SpokenLanguageDeps } from './detect.js';

export type FollowLanguageDeps = SpokenLanguageDeps;

/** The model for the language that was heard. */
export type FollowedLanguage = {
  readonly entry: ModelEntry;
  /** ISO 639-1 code that the model is to be told, since it does not find it out by itself. */
  readonly hint?: string;
  /** What was heard and by which model, or why nothing was, for the answer and for people. */
  readonly heard: string;
};

/**
 * Whether a request that names no language has to wait for its recording: where the model follows the language (`auto`),
 * unless the default one finds it out by itself as well as any; and where a model knows several languages, does not find
 * out which one it hears, and another one that is installed does.
 */
export async function needsRecording(
  { entry, follows }: RequestedModel,
  models: AbleModelContext,
): Promise<boolean> {
  const detector = await installedDetector(entry, models);
  if (follows) return detector?.id !== entry.id;
  return (
    entry.languages.length > 1 && !entry.capabilities.languageDetection && detector !== undefined
  );
}

/**
 * Listens to the first speech of a recording. Where the request leaves the model open, it is the default one if that knows
 * the language, else the preferred one of those that are installed (`findAbleModel`). Where nobody speaks, or no installed
 * model tells languages apart, the model stays as it is.
 *
 * @throws WhosaidError `language_not_installed`, naming a model to fetch; what the decoder and the engine throw
 */
export async function followLanguage(
  { entry, follows }: RequestedModel,
  options: {
    readonly path: string;
    readonly signal: AbortSignal;
    readonly models: AbleModelContext;
    readonly deps: FollowLanguageDeps;
  },
): Promise<FollowedLanguage> {
  const { path, signal, models, deps } = options;
  const detector = await installedDetector(entry, models);
  if (detector === undefined)
    return { entry, heard: 'unknown; reason="no installed model tells languages apart"' };
  const found = await detectSpokenLanguage({ model: detector.id, path, signal }, deps);
  if (found === undefined) return { entry, heard: 'unknown; reason="nobody is heard to speak"' };
  const { language } = found;
  const heard = `${language}; detected-by=${detector.id}`;
  const knows = (one: ModelEntry) => knowsLanguages(one, [language]);
  const chosen = follows && !knows(entry) ? await modelFor(language, follows, models) : entry;
  const isTold = knows(chosen) && needsHint(chosen);
  return { entry: chosen, heard, ...(isTold && { hint: language }) };
}

function needsHint({ capabilities, languages }: ModelEntry): boolean {
  return !capabilities.languageDetection && languages.length > 1;
}

async function modelFor(
  language: string,
  can: (entry: ModelEntry) => boolean,
  models: AbleModelContext,
): Promise<ModelEntry> {
  const able = (entry: ModelEntry) => can(entry) && knowsLanguages(entry, [language]);
  const found = await findAbleModel(able, models);
  if (found?.isInstalled) return found.entry;
  throw new WhosaidError('language_not_installed', {
    language: languageName(language),
    remedy: await ableModelRemedy(able, models),
  });
}

import type { SpeechTask } from '#services/asr/types.js';
import { resolveModel } from '#services/model-manager/aliases.js';
import type { ModelEntry } from '#services/model-manager/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { parseLanguage } from '#utils/languages/languages.js';
import type { AppDeps } from '../app-deps.js';
import { ableModelRemedy, findAbleModel } from '../routes/able-model.js';

/** Means the default model, unless ALIASES gives it another meaning. */
const DEFAULT = 'whisper-1';

type Deps = Pick<AppDeps, 'catalogue' | 'aliases' | 'store' | 'settings'>;

/**
 * The model for a client that has no word for it: the one that `whisper-1` means, or where that does not know the
 * language, the first installed one that does. What cannot be found out here is refused later, with what to do.
 */
export async function modelFor(
  wish: {
    /** As sent; wins. */
    readonly model: string | undefined;
    /** As sent. */
    readonly language: string | undefined;
    readonly task: SpeechTask;
  },
  deps: Deps,
): Promise<string> {
  if (wish.model !== undefined) return wish.model;
  const language = parseLanguage(wish.language ?? '');
  if (language === undefined) return DEFAULT;
  const { entry } = await resolveModel(DEFAULT, contextOf(deps));
  const can = (one: ModelEntry) =>
    (one.languages.length === 0 || one.languages.includes(language)) &&
    (wish.task === 'transcribe' || one.capabilities.translation);
  if (can(entry)) return DEFAULT;
  const able = await findAbleModel(can, deps);
  return able?.isInstalled ? able.entry.id : DEFAULT;
}

/**
 * The model that tells the language: the one sent, the one that `whisper-1` means, or the first installed one that can.
 * @throws WhosaidError `language_detection_unsupported`, naming a model that can, or one of `resolveModel`
 */
export async function detectingModel(
  { model }: { readonly model: string | undefined },
  deps: Deps,
): Promise<string> {
  const detects = (one: ModelEntry) => one.capabilities.languageDetection;
  const { entry } = await resolveModel(model ?? DEFAULT, contextOf(deps));
  if (detects(entry)) return entry.id;
  const able = model === undefined ? await findAbleModel(detects, deps) : undefined;
  if (able?.isInstalled) return able.entry.id;
  throw new WhosaidError('language_detection_unsupported', {
    model: entry.id,
    remedy: await ableModelRemedy(detects, deps),
  });
}

function contextOf(deps: Deps) {
  return { ...deps, defaultModel: deps.settings.model };
}

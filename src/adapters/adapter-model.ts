import { resolveModel } from '#services/model-manager/aliases.js';
import type { ModelEntry } from '#services/model-manager/catalogue.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AppDeps } from '../app-deps.js';
import { ableModelRemedy } from '../routes/able-model.js';
import { installedDetector } from '../spoken-language/detect.js';

/** For clients that have no word for models: the default one, or an installed one that can what is asked of it. */
export const DEFAULT_MODEL = 'whisper-1';

type Deps = Pick<AppDeps, 'catalogue' | 'aliases' | 'store' | 'settings'>;

/**
 * The model that tells the language: the one sent, the one that `whisper-1` means, or the first installed one that can.
 * @throws WhosaidError `language_detection_unsupported`, naming a model that can, or one of `resolveModel`
 */
export async function detectingModel(
  { model }: { readonly model: string | undefined },
  deps: Deps,
): Promise<string> {
  const detects = (one: ModelEntry) => one.capabilities.languageDetection;
  const { entry } = await resolveModel(model ?? DEFAULT_MODEL, contextOf(deps));
  if (detects(entry)) return entry.id;
  const able = model === undefined ? await installedDetector(entry, deps) : undefined;
  if (able) return able.id;
  throw new WhosaidError('language_detection_unsupported', {
    model: entry.id,
    remedy: await ableModelRemedy(detects, deps),
  });
}

function contextOf(deps: Deps) {
  return { ...deps, defaultModel: deps.settings.model };
}

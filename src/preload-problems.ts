import type { Settings } from '#config/settings.js';
import type { Catalogue, ModelTask } from '#services/model-manager/catalogue.js';

/** Models with processes of their own. */
const PRELOADED: readonly ModelTask[] = ['asr', 'denoise', 'vocals'];

/** What is wrong with PRELOAD_MODELS, a sentence for each id. */
export function preloadProblems(
  { preloadModels }: Pick<Settings, 'preloadModels'>,
  catalogue: Catalogue,
): string[] {
  const known = catalogue.entries.filter(({ task }) => PRELOADED.includes(task));
  return preloadModels
    .filter((id) => !known.some((entry) => entry.id === id))
    .map(
      (id) =>
        `PRELOAD_MODELS names ${JSON.stringify(id)}; expected some of ${known.map((entry) => entry.id).join(', ')}`,
    );
}

import { loadSettings } from '#config/settings.js';
import { defaultAsrEntry } from '#services/model-manager/aliases.js';
import { silentLogger } from '#utils/logging/logger.js';
import { openModels } from '../runtime.js';
import { createPullProgress } from './pull-progress.js';

/**
 * Fetches the models that the server starts with, showing how far it has come; says nothing when all are there.
 * @throws WhosaidError or SettingsError, whose messages say what to do; `model_unknown` for a MODEL that is no recogniser
 */
export async function pullDefaultModels(): Promise<void> {
  const settings = loadSettings();
  const { catalogue, store, aliases } = openModels({ settings, logger: silentLogger });
  const recogniser = defaultAsrEntry({ catalogue, aliases, defaultModel: settings.model });
  const others = catalogue.defaults.filter((entry) => entry.task !== 'asr');
  const preloaded = settings.preloadModels.map(catalogue.entryOf);
  const progress = createPullProgress();
  try {
    await store.pull(
      [recogniser, ...others, ...preloaded].map(({ id }) => id),
      progress,
    );
  } finally {
    progress.stop();
  }
}

import { loadSettings } from '#config/settings.js';
import type { PullProgress } from '#services/model-manager/store.js';
import { silentLogger } from '#utils/logging/logger.js';
import { openModels } from '../runtime.js';
import { createProgress, formatMegabytes } from './progress.js';

/**
 * Fetches the models that the server starts with, showing how far it has come; says nothing when all are there.
 * @throws WhosaidError or SettingsError, whose messages say what to do
 */
export async function pullDefaultModels(): Promise<void> {
  const settings = loadSettings();
  const { catalogue, store } = openModels({ settings, logger: silentLogger });
  // MODEL may name an alias, which means the default.
  const recogniser = catalogue.get(settings.model) ?? catalogue.defaultAsr;
  const others = catalogue.defaults.filter((entry) => entry.task !== 'asr');
  const progress = pullProgress();
  try {
    await store.pull(
      [recogniser, ...others].map(({ id }) => id),
      {
        onProgress: progress.update,
        onWait: () =>
          process.stderr.write('whosaid: another process is fetching models; waiting\n'),
      },
    );
  } finally {
    progress.stop();
  }
}

/** One display for all files of a pull; it appears with the first bytes. */
function pullProgress(): { update(progress: PullProgress): void; stop(): void } {
  const files = new Map<string, { received: number; total: number }>();
  let display: ReturnType<typeof createProgress> | undefined;
  return {
    update({ file, receivedBytes, totalBytes }) {
      display ??= startDisplay();
      files.set(file, { received: receivedBytes, total: totalBytes });
      const known = [...files.values()];
      display.update({
        done: known.reduce((sum, { received }) => sum + received, 0),
        total: known.reduce((sum, { total }) => sum + total, 0),
      });
    },
    stop() {
      display?.stop();
    },
  };
}

function startDisplay(): ReturnType<typeof createProgress> {
  process.stderr.write('whosaid: fetching models; this is done once\n');
  return createProgress({ label: 'models', format: formatMegabytes });
}

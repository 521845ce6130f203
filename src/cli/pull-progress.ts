import type { PullOptions } from '#services/model-manager/store.js';
import { createProgress, formatMegabytes, type ProgressDisplay } from './progress.js';

/** Shows how far a pull has come: one display for all its files, which appears with the first bytes. */
export function createPullProgress(): Required<
  Pick<PullOptions, 'onProgress' | 'onWait' | 'onNotice'>
> & {
  /** Idempotent. */
  stop(): void;
} {
  const files = new Map<string, { received: number; total: number }>();
  let display: ProgressDisplay | undefined;
  return {
    onProgress({ file, receivedBytes, totalBytes }) {
      display ??= startDisplay();
      files.set(file, { received: receivedBytes, total: totalBytes });
      const known = [...files.values()];
      display.update({
        done: known.reduce((sum, { received }) => sum + received, 0),
        total: known.reduce((sum, { total }) => sum + total, 0),
      });
    },
    onNotice({ modelId, text }) {
      process.stderr.write(`whosaid: notice for ${modelId}: ${text}\n`);
    },
    onWait() {
      process.stderr.write('whosaid: another process is fetching models; waiting\n');
    },
    stop() {
      display?.stop();
    },
  };
}

function startDisplay(): ProgressDisplay {
  process.stderr.write('whosaid: fetching models; this is done once\n');
  return createProgress({ label: 'models', format: formatMegabytes });
}

import { projectVersion } from '#config/root.js';
import { type Settings, SettingsError } from '#config/settings.js';
import { openWorker } from '#services/jobs/redis/redis-worker.js';
import { createTempStore } from '#services/temp/temp-store.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import { createMetrics } from '../metrics/metrics.js';
import { openSharedFiles, workDeps } from '../open-shared-jobs.js';
import { createRuntime } from '../runtime.js';
import { stopPlan } from '../stop-plan.js';
import { type HealthServer, startHealthServer } from './health-server.js';

export type RunningWorker = {
  /** Where its health is told, for example `http://127.0.0.1:9000`; undefined where nobody asked for that. */
  readonly url: string | undefined;
  /** Puts back what is in work and ends the engines. Idempotent; never rejects. */
  close(): Promise<void>;
  /** Ends all child processes at once. */
  abandon(): void;
};

export type StartWorkerOptions = {
  /** Pieces of jobs in work at the same time. */
  readonly concurrency: number;
  /** Port that tells about the worker; 0 takes a free one. */
  readonly healthPort: number | undefined;
  readonly logger: Logger;
};

/** Whoever is put back waits for another worker no longer than this. */
const RESTART_SECONDS = 5;

/**
 * Loads the default model and begins to work on the jobs that gateways put into the queue.
 * @throws SettingsError, ListenError, or a WhosaidError when a model is missing or an engine does not start; nothing is
 * left running
 */
export async function startWorker(
  settings: Settings,
  { concurrency, healthPort, logger }: StartWorkerOptions,
): Promise<RunningWorker> {
  const url = checkQueue(settings);
  const blobs = await openSharedFiles(settings);
  const plan = stopPlan({ graceSeconds: settings.shutdownGraceSeconds });
  const metrics = createMetrics({ version: projectVersion });
  const runtime = createRuntime({
    settings,
    logger,
    onEngineEvent: metrics.engineEvent,
    stopStepMs: plan.engineStepMs,
  });
  metrics.watch(runtime);
  const temp = createTempStore({ root: settings.tempDir, logger });
  const deps = workDeps(settings, { runtime, metrics, temp, logger });
  const worker = openWorker({ ...deps, url, blobs, concurrency });
  let health: HealthServer | undefined;
  const stop = async (): Promise<void> => {
    await worker.close(new WhosaidError('server_stopping', { seconds: RESTART_SECONDS }));
    await Promise.all([runtime.dispose(), temp.dispose(), health?.close()]);
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };
  try {
    await temp.sweep();
    if (healthPort !== undefined)
      health = await startHealthServer({
        ...{ host: settings.host, port: healthPort, metrics, worker },
        manager: runtime.manager,
        version: projectVersion,
      });
    await runtime.manager.start();
    worker.start();
  } catch (error) {
    await close();
    throw error;
  }
  return { url: health?.url, close, abandon: () => runtime.abandon() };
}

function checkQueue({ queueUrl }: Settings): string {
  if (queueUrl !== null) return queueUrl;
  throw new SettingsError([
    'QUEUE_URL is not set; expected the URL of the Redis server that the gateways use: without one there are no jobs to work on',
  ]);
}

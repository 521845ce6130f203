import { loadSettings } from '#config/settings.js';
import { createWinstonLogger } from '#services/logging/winston-logger.js';
import { onStopSignal } from '../cli/stop-signals.js';
import { installLastResort } from '../last-resort.js';
import { stopPlan } from '../stop-plan.js';
import { type RunningWorker, startWorker } from './start-worker.js';

export type WorkerMainOptions = {
  /** Pieces of jobs in work at the same time; default: JOB_CONCURRENCY, but one at the least. */
  readonly concurrency?: number | undefined;
  readonly healthPort?: number | undefined;
};

/**
 * Runs a worker until it is told to stop. The first SIGINT, SIGTERM or SIGHUP puts back what is in work and exits with 0
 * within the grace time; the second exits at once. Rejects when the worker cannot start.
 */
export async function workerMain({ concurrency, healthPort }: WorkerMainOptions): Promise<void> {
  const settings = loadSettings();
  const logger = createWinstonLogger({ level: settings.logLevel, format: settings.logFormat });
  const { exitMs } = stopPlan({ graceSeconds: settings.shutdownGraceSeconds });
  let worker: RunningWorker | undefined;
  let exitCode: number | undefined;
  const abandon = (): void => worker?.abandon();

  const stop = (code: number): void => {
    if (exitCode !== undefined) return;
    exitCode = code;
    setTimeout(() => {
      logger.warn('Stopping took too long: what is left is ended');
      abandon();
      process.exit(code);
    }, exitMs);
    // One that still starts has nothing in work; its children end with it.
    if (worker === undefined) process.exit(code);
    void worker.close().then(() => process.exit(code));
  };
  installLastResort({ logger, onStorm: () => stop(1) });
  onStopSignal(
    (signal) => {
      logger.info('Stopping', { signal });
      stop(0);
    },
    { beforeExit: abandon },
  );
  worker = await startWorker(settings, {
    concurrency: concurrency ?? Math.max(1, settings.jobConcurrency),
    healthPort,
    logger,
  });
  const where = worker.url === undefined ? '' : ` Its health is told at ${worker.url}/health.`;
  process.stdout.write(`whosaid worker is ready.${where} Ctrl-C stops it.\n`);
}

import { loadSettings } from '#config/settings.js';
import { createWinstonLogger } from '#services/logging/winston-logger.js';
import { reportFailure } from './cli/report-failure.js';
import { onStopSignal } from './cli/stop-signals.js';
import { welcome } from './cli/welcome.js';
import { markHeapAtOnce } from './heap.js';
import { installLastResort } from './last-resort.js';
import { type RunningServer, startServer } from './server.js';
import { stopPlan } from './stop-plan.js';

export type MainOptions = {
  /** Settings given on the command line, by variable name. */
  readonly overrides?: Readonly<Record<string, string | undefined>>;
};

/**
 * Runs the server until it is told to stop. The first SIGINT, SIGTERM or SIGHUP lets requests finish and exits with 0
 * within the grace time, whatever hangs; the second exits at once. A server that cannot start is explained, with exit
 * code 1.
 */
export async function main({ overrides }: MainOptions = {}): Promise<void> {
  markHeapAtOnce();
  try {
    await serve(overrides);
  } catch (error) {
    reportFailure(error);
    process.exit(1);
  }
}

async function serve(overrides: MainOptions['overrides']): Promise<void> {
  const settings = loadSettings(undefined, overrides);
  const logger = createWinstonLogger({ level: settings.logLevel, format: settings.logFormat });
  const { exitMs } = stopPlan({ graceSeconds: settings.shutdownGraceSeconds });
  const start = new AbortController();
  let server: RunningServer | undefined;
  let exitCode: number | undefined;
  const abandon = () => server?.abandon();

  const stop = (code: number): void => {
    if (exitCode !== undefined) return;
    exitCode = code;
    setTimeout(() => {
      logger.warn('Stopping took too long: what is left is ended');
      abandon();
      process.exit(code);
    }, exitMs);
    if (server === undefined) start.abort();
    else void server.close().then(() => process.exit(code));
  };
  installLastResort({ logger, onStorm: () => stop(1) });
  onStopSignal(
    (signal) => {
      logger.info('Stopping', { signal });
      stop(0);
    },
    { beforeExit: abandon },
  );
  try {
    server = await startServer(settings, { logger, signal: start.signal });
  } catch (error) {
    // Whoever stops a server that starts wants no server.
    if (exitCode !== undefined) process.exit(exitCode);
    throw error;
  }
  process.stdout.write(welcome(server.url, server));
}

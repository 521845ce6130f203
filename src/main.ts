import { loadSettings } from '#config/settings.js';
import { createWinstonLogger } from '#services/logging/winston-logger.js';
import { reportFailure } from './cli/report-failure.js';
import { onStopSignal } from './cli/stop-signals.js';
import { welcome } from './cli/welcome.js';
import { startServer } from './server.js';

export type MainOptions = {
  /** Settings given on the command line, by variable name. */
  readonly overrides?: Readonly<Record<string, string | undefined>>;
};

/**
 * Runs the server until it is told to stop. The first SIGINT or SIGTERM lets requests finish and exits with 0,
 * the second exits at once. A server that cannot start is explained, with exit code 1.
 */
export async function main({ overrides }: MainOptions = {}): Promise<void> {
  try {
    const settings = loadSettings(undefined, overrides);
    const logger = createWinstonLogger({ level: settings.logLevel, format: settings.logFormat });
    const starting = startServer(settings, { logger });
    let isStopping = false;
    onStopSignal((signal) => {
      isStopping = true;
      logger.info('Stopping', { signal });
      // A server that failed to start has stopped already, and says so below.
      starting
        .then((server) => server.close())
        .then(
          () => process.exit(0),
          () => {},
        );
    });
    const server = await starting;
    if (!isStopping) process.stdout.write(welcome(server.url, server));
  } catch (error) {
    reportFailure(error);
    process.exit(1);
  }
}

import { createServer, type Server } from 'node:http';
import { projectVersion } from '#config/root.js';
import { aboutSetting, type Settings, SettingsError } from '#config/settings.js';
import { createTempStore, type TempStore } from '#services/temp/temp-store.js';
import type { Logger } from '#utils/logging/logger.js';
import { type Access, type AccessOptions, openAccess } from './access/access.js';
import { KeyFileError } from './access/key-file.js';
import { createAdmission } from './admission.js';
import { createApp } from './app.js';
import { answerClientErrors } from './client-errors.js';
import { type Connections, trackConnections } from './connections.js';
import { listen, urlOf } from './listen.js';
import { createMetrics } from './metrics/metrics.js';
import { createRuntime } from './runtime.js';
import { defaultTimings, type Timings } from './timings.js';

/** An upload of 20 GB over a slow line takes this long; Node's own limit of 5 minutes would cut it. */
const REQUEST_TIMEOUT_MS = 24 * 3_600_000;
/** Longer than the 60 s that proxies and clients keep idle connections: the side that closes first loses no request. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** Headers are small: who takes longer is stuck or hostile. Must be above the keep-alive time. */
const HEADERS_TIMEOUT_MS = 80_000;
/** A client that vanished without a word is found out by asking its machine, even in the middle of an hour's work. */
const KEEP_ALIVE_PROBE_MS = 30_000;
/** How long requests may go on after `close()` before their connections are cut. */
const GRACE_MS = 30_000;

export type RunningServer = {
  /** For example `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Whether clients have to send a key. */
  readonly needsKey: boolean;
  /** Whether everybody who reaches this machine over the network may use the server. */
  readonly isExposed: boolean;
  /** Stops accepting, lets requests finish for up to 30 s, then ends the engines. Idempotent; never rejects. */
  close(): Promise<void>;
};

/**
 * Starts the gateway and loads the default model; resolves when it can transcribe.
 * @throws ListenError, SettingsError when TEMP_DIR or API_KEYS_FILE cannot be used, or a WhosaidError when a model is
 * missing or an engine does not start; nothing is left running
 */
export async function startServer(
  settings: Settings,
  {
    logger,
    timings: changed = {},
  }: { readonly logger: Logger; readonly timings?: Partial<Timings> },
): Promise<RunningServer> {
  const timings = { ...defaultTimings, ...changed };
  const access = await openCheckedAccess(settings, { logger, timings });
  const metrics = createMetrics({ version: projectVersion });
  const onEngineEvent = metrics.engineEvent;
  const runtime = createRuntime({ settings, logger, onEngineEvent });
  const temp = createTempStore({ root: settings.tempDir, logger });
  const version = projectVersion;
  const admission = createAdmission({
    maxRunning: settings.maxConcurrentRequests,
    maxWaiting: settings.maxQueuedRequests,
    maxWaitSeconds: settings.maxQueueSeconds,
  });
  metrics.watch({
    ...runtime,
    admission,
    temp,
    limits: {
      running: settings.maxConcurrentRequests,
      waiting: settings.maxQueuedRequests,
      tempBytes: settings.maxTempBytes,
    },
  });
  const app = createApp({
    ...runtime,
    settings,
    admission,
    access,
    timings,
    temp,
    metrics,
    logger,
    version,
    startedAt: new Date(),
  });
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
      // The app says what is missing; Node would answer without a word.
      requireHostHeader: false,
    },
    app,
  );
  // Who asks before sending a body is answered by the route that reads it, so that a refusal spares the upload.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  const connections = trackConnections(server);
  answerClientErrors(server, { logger });
  const stop = async (): Promise<void> => {
    await closeServer(server, connections);
    access.close();
    await runtime.dispose();
    await temp.dispose();
  };
  try {
    await listen(server, settings);
    // A connection that cannot be accepted, with all file handles in use for example, is not the end of the others.
    server.on('error', (error) => logger.error('A connection could not be accepted', { error }));
    await temp.sweep();
    await checkTempDir(temp, settings);
    await Promise.all([runtime.manager.start(), access.rateLimitStore?.connected()]);
  } catch (error) {
    await stop();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf(server, settings.host),
    needsKey: access.keys.isRequired,
    isExposed: access.isExposed,
    close() {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function openCheckedAccess(settings: Settings, options: AccessOptions): Promise<Access> {
  try {
    return await openAccess(settings, options);
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error;
    const shown = JSON.stringify(settings.apiKeysFile);
    const { expected } = aboutSetting('API_KEYS_FILE');
    throw new SettingsError([
      `API_KEYS_FILE is ${shown}; expected ${expected}, but ${error.message}`,
    ]);
  }
}

/** A folder that cannot be written would fail every upload: the start is the place to say so. */
async function checkTempDir(temp: TempStore, { tempDir }: Settings): Promise<void> {
  try {
    await (await temp.folder()).remove();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const shown = JSON.stringify(tempDir);
    throw new SettingsError([
      `TEMP_DIR is ${shown}; expected a folder that can be made and written (${code ?? message})`,
    ]);
  }
}

function closeServer(server: Server, connections: Connections): Promise<void> {
  if (!server.listening) return Promise.resolve();
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    connections.closeUnused();
  });
}

import { createServer } from 'node:http';
import { join } from 'node:path';
import { projectRoot, projectVersion } from '#config/root.js';
import { aboutSetting, type Settings, SettingsError } from '#config/settings.js';
import { createRoom } from '#services/temp/room.js';
import { createTempStore, type TempStore } from '#services/temp/temp-store.js';
import type { Logger } from '#utils/logging/logger.js';
import { type Access, type AccessOptions, openAccess } from './access/access.js';
import { KeyFileError } from './access/key-file.js';
import { createAdmission } from './admission.js';
import { createApp } from './app.js';
import { answerClientErrors } from './client-errors.js';
import { trackConnections } from './connections.js';
import { listen, urlOf } from './listen.js';
import { createMetrics } from './metrics/metrics.js';
import { openJobs } from './open-jobs.js';
import { readPage } from './page/page-files.js';
import { openRealtime } from './realtime/open-realtime.js';
import { acceptUpgrades, upgradeOptions } from './realtime/upgrade.js';
import { createRuntime } from './runtime.js';
import { createShutdown } from './shutdown.js';
import { stopPlan } from './stop-plan.js';
import { defaultTimings, type Timings } from './timings.js';

/** An upload of 20 GB over a slow line takes this long; Node's own limit of 5 minutes would cut it. */
const REQUEST_TIMEOUT_MS = 24 * 3_600_000;
/** Longer than the 60 s that proxies and clients keep idle connections: the side that closes first loses no request. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** How often slow headers are looked for at the least. */
const HEADERS_CHECK_MS = 10_000;
/** A client that vanished without a word is found out by asking its machine, even in the middle of an hour's work. */
const KEEP_ALIVE_PROBE_MS = 30_000;
/** For the text fields of all uploads together: a few requests with four voice samples each, or thousands without. */
const FIELD_ROOM_BYTES = 256 * 2 ** 20;

/** Where the build leaves the web page. */
const PAGE_FOLDER = join(projectRoot, 'dist', 'web');

export type RunningServer = {
  /** For example `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Whether clients have to send a key. */
  readonly needsKey: boolean;
  /** Whether everybody who reaches this machine over the network may use the server. */
  readonly isExposed: boolean;
  /**
   * Stops accepting, lets requests finish for as long as the grace time allows, answers the others that the server is
   * stopping, ends the engines and removes what is temporary. Idempotent; never rejects.
   */
  close(): Promise<void>;
  /** Ends all child processes at once. To be called when this process ends without having waited for `close()`. */
  abandon(): void;
};

export type StartOptions = {
  readonly logger: Logger;
  readonly timings?: Partial<Timings>;
  /** Ends a start that is under way: it rejects with the signal's reason. */
  readonly signal?: AbortSignal;
};

/**
 * Starts the gateway and loads the default model; resolves when it can transcribe.
 * @throws ListenError, SettingsError when TEMP_DIR, DATA_DIR or API_KEYS_FILE cannot be used, JobStoreError, or a WhosaidError when a model is
 * missing or an engine does not start; nothing is left running
 */
export async function startServer(
  settings: Settings,
  { logger, timings: changed = {}, signal }: StartOptions,
): Promise<RunningServer> {
  const timings = { ...defaultTimings, ...changed };
  const plan = stopPlan({ graceSeconds: settings.shutdownGraceSeconds });
  const { draining, stopping, drain } = createShutdown(plan);
  const access = await openCheckedAccess(settings, { logger, timings });
  const metrics = createMetrics({ version: projectVersion });
  const onEngineEvent = metrics.engineEvent;
  const runtime = createRuntime({
    settings,
    logger,
    onEngineEvent,
    stopStepMs: plan.engineStepMs,
  });
  const temp = createTempStore({ root: settings.tempDir, maxBytes: settings.maxTempBytes, logger });
  const { jobs, jobUploads, cache } = await openJobs(settings, {
    runtime,
    metrics,
    temp,
    logger,
  }).catch(async (error: unknown) => {
    access.close();
    await runtime.dispose();
    throw error;
  });
  const version = projectVersion;
  const admission = createAdmission({
    maxRunning: settings.maxConcurrentRequests,
    maxWaiting: settings.maxQueuedRequests,
    maxWaitSeconds: settings.maxQueueSeconds,
    maxPerClient: settings.maxRequestsPerClient,
  });
  const realtime = openRealtime(settings, { timings, draining, stopping });
  metrics.watch({
    ...runtime,
    ...realtime,
    jobs,
    requests: {
      admission,
      maxRunning: settings.maxConcurrentRequests,
      maxWaiting: settings.maxQueuedRequests,
    },
    uploads: { temp, maxBytes: settings.maxTempBytes },
  });
  const page = await readPage(PAGE_FOLDER);
  const app = createApp({
    ...runtime,
    ...realtime,
    settings,
    admission,
    access,
    timings,
    temp,
    jobs,
    jobUploads,
    ...(cache && { cache }),
    ...(page && { page }),
    fieldRoom: createRoom({ limitBytes: FIELD_ROOM_BYTES }),
    draining,
    stopping,
    metrics,
    logger,
    version,
    startedAt: new Date(),
  });
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: timings.headersMs,
      connectionsCheckingInterval: Math.min(HEADERS_CHECK_MS, timings.headersMs),
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
      // The app says what is missing; Node would answer without a word.
      requireHostHeader: false,
      ...upgradeOptions,
    },
    app,
  );
  // Who asks before sending a body is answered by the route that reads it, so that a refusal spares the upload.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  // Other expectations need not be met, and Node's answer to them would be empty.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  const connections = trackConnections(server);
  answerClientErrors(server, { logger });
  acceptUpgrades(server, connections);
  // Nobody needs an engine from then on, and stopping one takes a while. Requests hear of it first: their answer is that
  // the server stops, not that there is no engine.
  const endEngines = (): void => void setImmediate(() => void runtime.dispose());
  // What is in work is gone on with after the next start: waiting for it would only make that later.
  draining.addEventListener('abort', () => void jobs.close(), { once: true });
  stopping.addEventListener('abort', endEngines, { once: true });
  const stop = async (): Promise<void> => {
    await drain(server, connections);
    realtime.realtime.close();
    access.close();
    // Side by side: neither a disk nor an engine that hangs keeps the other from being left in order.
    await jobs.close();
    await Promise.all([runtime.dispose(), temp.dispose(), jobUploads.dispose()]);
  };
  let stopped: Promise<void> | undefined;
  const close = (): Promise<void> => {
    stopped ??= stop();
    return stopped;
  };
  const cancelStart = (): void => void close();
  try {
    signal?.throwIfAborted();
    signal?.addEventListener('abort', cancelStart, { once: true });
    await listen(server, settings);
    // A connection that cannot be accepted, with all file handles in use for example, is not the end of the others.
    server.on('error', (error) => logger.error('A connection could not be accepted', { error }));
    await Promise.all([temp.sweep(), jobUploads.sweep()]);
    await checkTempDir(temp, settings);
    await Promise.all([runtime.manager.start(), access.rateLimitStore?.connected()]);
    signal?.throwIfAborted();
    await jobs.start();
  } catch (error) {
    await close();
    // A start that was cancelled may have gone on for a step.
    await temp.dispose();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', cancelStart);
  }
  return {
    url: urlOf(server, settings.host),
    needsKey: access.keys.isRequired,
    isExposed: access.isExposed,
    close,
    abandon: () => runtime.abandon(),
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

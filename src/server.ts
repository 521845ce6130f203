import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { projectVersion } from '#config/root.js';
import { type Settings, SettingsError } from '#config/settings.js';
import { createTempStore, type TempStore } from '#services/temp/temp-store.js';
import type { Logger } from '#utils/logging/logger.js';
import { createAdmission } from './admission.js';
import { createApp } from './app.js';
import { type Connections, trackConnections } from './connections.js';
import { createRuntime } from './runtime.js';

/** An upload of 20 GB over a slow line takes this long; Node's own limit of 5 minutes would cut it. */
const REQUEST_TIMEOUT_MS = 24 * 3_600_000;
/** Longer than the 60 s that proxies and clients keep idle connections: the side that closes first loses no request. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
/** Headers are small: who takes longer is stuck or hostile. Must be above the keep-alive time. */
const HEADERS_TIMEOUT_MS = 80_000;
/** How long requests may go on after `close()` before their connections are cut. */
const GRACE_MS = 30_000;

export type RunningServer = {
  /** For example `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Stops accepting, lets requests finish for up to 30 s, then ends the engines. Idempotent; never rejects. */
  close(): Promise<void>;
};

/** The server cannot listen where the settings say. `message` says what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
}

/**
 * Starts the gateway and loads the default model; resolves when it can transcribe.
 * @throws ListenError, SettingsError when TEMP_DIR cannot be used, or a WhosaidError when a model is missing or an engine does not start; nothing is left running
 */
export async function startServer(
  settings: Settings,
  { logger }: { logger: Logger },
): Promise<RunningServer> {
  const runtime = createRuntime({ settings, logger });
  const temp = createTempStore({ root: settings.tempDir, logger });
  const version = projectVersion;
  const admission = createAdmission();
  const app = createApp({
    ...runtime,
    settings,
    admission,
    temp,
    logger,
    version,
    startedAt: new Date(),
  });
  const server = createServer(
    {
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    app,
  );
  const connections = trackConnections(server);
  const stop = async (): Promise<void> => {
    await closeServer(server, connections);
    await runtime.dispose();
    await temp.dispose();
  };
  try {
    await listen(server, settings);
    // A connection that cannot be accepted, with all file handles in use for example, is not the end of the others.
    server.on('error', (error) => logger.error('A connection could not be accepted', { error }));
    await temp.sweep();
    await checkTempDir(temp, settings);
    await runtime.manager.start();
  } catch (error) {
    await stop();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  return {
    url: urlOf(server, settings.host),
    close() {
      stopping ??= stop();
      return stopping;
    },
  };
}

function listen(server: Server, { host, port }: Settings): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void =>
      reject(new ListenError(listenProblem(error, { host, port }), { cause: error }));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function listenProblem(
  { code, message }: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is already in use. Stop the program that uses it, or set PORT to another one (PORT=0 takes a free one).`;
  }
  if (code === 'EACCES') {
    return `Listening on port ${port} is not allowed. Set PORT to one above 1023.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `HOST ${host} is no address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 to be reachable from others.`;
  }
  return `Listening on port ${port} of ${host} failed: ${message}`;
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

function urlOf(server: Server, host: string): string {
  const { port, family } = server.address() as AddressInfo;
  // "Every address" is nothing a client can connect to.
  const named = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return family === 'IPv6' && named.includes(':')
    ? `http://[${named}]:${port}`
    : `http://${named}:${port}`;
}

import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings } from '#config/settings.js';
import { startServer } from '#src/server.js';
import type { Timings } from '#src/timings.js';
import type { LogFields, Logger } from '#utils/logging/logger.js';
import { testFolder } from './paths.js';

export type LogLine = { level: string; message: string; fields: LogFields };

export type TestServer = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** What the server logged, in order. */
  readonly logs: readonly LogLine[];
  /** Its DATA_DIR. */
  readonly dataDir: string;
  /** Files and folders of uploads that are still there. */
  leftovers(): Promise<string[]>;
  /** Waits until nothing of any upload is left; fails after half a minute. */
  untilClean(): Promise<void>;
  close(): Promise<void>;
};

/**
 * A really running server with the real default model, on a free port, with a temporary folder of its own. `timings` are
 * for tests that cannot wait as long as people do, or must not be hurried.
 */
export async function startTestServer(
  env: Record<string, string> = {},
  { timings = {} }: { readonly timings?: Partial<Timings> } = {},
): Promise<TestServer> {
  const folder = await testFolder();
  const data = await testFolder();
  const logs: LogLine[] = [];
  const settings = loadSettings({
    PORT: '0',
    TEMP_DIR: folder.path,
    DATA_DIR: data.path,
    // One process of a kind starts quicker than two, and these tests are not about speed.
    ASR_HOSTS: '1',
    SPEAKER_HOSTS: '1',
    ...env,
  });
  const server = await startServer(settings, { logger: collectLogs(logs), timings });
  const leftovers = async (): Promise<string[]> => {
    const paths = await readdir(folder.path, { recursive: true }).catch((error: unknown) => {
      // A folder that was removed while it was being listed: list again.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (paths === undefined) return leftovers();
    // The folder that names the process stays as long as the process.
    return paths.filter((path) => /[\\/]/.test(path));
  };
  return {
    url: server.url,
    dataDir: settings.dataDir,
    logs,
    leftovers,
    untilClean: () =>
      until(async () => (await leftovers()).length === 0, 'uploads are still in TEMP_DIR'),
    async close() {
      await server.close();
      await folder.remove();
      await data.remove();
    },
  };
}

function collectLogs(lines: LogLine[]): Logger {
  const write =
    (level: string) =>
    (message: string, fields: LogFields = {}): void => {
      lines.push({ level, message, fields });
    };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** Polls until `isTrue`; throws after half a minute (machines are shared), saying what did not come true. */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  problem: string,
  { seconds = 30 }: { readonly seconds?: number } = {},
) {
  const deadlineMs = performance.now() + 1000 * seconds;
  while (!(await isTrue())) {
    if (performance.now() > deadlineMs) throw new Error(`After ${seconds} s ${problem}.`);
    await pause(20);
  }
}

/** Files that this process has open (without sockets); undefined where the system does not tell. */
export async function openFiles(): Promise<string[] | undefined> {
  const folder = '/proc/self/fd';
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return undefined;
  const targets = await Promise.all(
    names.map((name) => readlink(join(folder, name)).catch(() => '')),
  );
  return targets.filter((target) => target.startsWith('/') && !target.startsWith('/proc/')).sort();
}

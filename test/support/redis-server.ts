import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from './free-port.js';
import { testFolder } from './paths.js';

export type TestRedis = {
  readonly url: string;
  /** Where it keeps its data, if it does. */
  readonly folder: string;
  /** Ends the server, as a crash would. */
  stop(): Promise<void>;
  /** Starts it again where it was: empty, unless it keeps its data. */
  start(): Promise<void>;
  /** Lets it answer nobody, although it is there, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Ends it and removes its folder. */
  close(): Promise<void>;
};

/** A real Redis on a free port of this machine; undefined where `redis-server` is not installed. */
export async function startRedis({
  keepsData = false,
}: {
  /** What was answered is on disk. */
  readonly keepsData?: boolean;
} = {}): Promise<TestRedis | undefined> {
  const folder = await testFolder();
  const port = await freePort();
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    const options = [
      '--port',
      `${port}`,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--dir',
      folder.path,
      ...(keepsData ? ['--appendonly', 'yes', '--appendfsync', 'always'] : []),
    ];
    child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
    await untilReady(child);
  };
  const stop = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const close = async (): Promise<void> => {
    await stop();
    await folder.remove();
  };
  try {
    await start();
  } catch (error) {
    await folder.remove();
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    folder: folder.path,
    start,
    stop,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    close,
  };
}

async function untilReady(child: ChildProcess): Promise<void> {
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  const ended = once(child, 'exit').then(() => Promise.reject(new Error('redis-server ended')));
  for (const promise of [failed, ended]) promise.catch(() => {});
  const ready = new Promise<void>((resolve) => {
    child.stdout?.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve();
    });
  });
  await Promise.race([ready, failed, ended]);
}

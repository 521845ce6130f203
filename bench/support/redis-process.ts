import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './server-process.js';

export type RedisProcess = {
  readonly url: string;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
};

/**
 * A real Redis on a free port of this machine that keeps every answer on disk, as docs/many-machines.md advises.
 * @throws Error where `redis-server` is not installed or ends
 */
export async function startRedisProcess(): Promise<RedisProcess> {
  const [folder, port] = [await mkdtemp(join(tmpdir(), 'whosaid-bench-redis-')), await freePort()];
  const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--dir', folder];
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always'];
  const child = spawn('redis-server', [...options, ...durable], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text: Buffer) => {
        if (text.includes('Ready to accept connections')) resolve();
      });
      child.once('error', reject);
      child.once('exit', () => reject(new Error('It ended.')));
    });
  } catch (cause) {
    await stop();
    throw new Error('redis-server does not start; is it installed?', { cause });
  }
  return { url: `redis://127.0.0.1:${port}`, stop };
}

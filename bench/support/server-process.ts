import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '#config/root.js';

export type ServerProcess = {
  readonly url: string;
  readonly pid: number;
  /** Milliseconds from starting the command until /health said that it is ready. */
  readonly readyMs: number;
  /** How it ended and what it said last, once it has ended. */
  end(): string | undefined;
  /** Ends the server and everything it started. Idempotent. */
  stop(): Promise<void>;
};

const POLL_MS = 20;
const STOP_MS = 10_000;

/**
 * Starts a command that serves whosaid, on a free port of this machine, and waits until /health reports a loaded model.
 * `args` may be told the port; `onOutput` hears all that it says.
 *
 * @throws Error with the end of the command's output when it ends or is not ready within `timeoutMs` (default 60 s).
 */
export async function startServerProcess({
  command,
  args,
  env = {},
  timeoutMs = 60_000,
  onOutput,
}: {
  command: string;
  args: readonly string[] | ((port: number) => readonly string[]);
  env?: Readonly<Record<string, string>>;
  timeoutMs?: number;
  onOutput?: (text: string) => void;
}): Promise<ServerProcess> {
  const port = await freePort();
  // Its own: two servers cannot share one.
  const dataDir = await mkdtemp(join(tmpdir(), 'whosaid-bench-data-'));
  const url = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  // A group of its own, so that npm, its shell and the server can be ended together.
  const child = spawn(command, typeof args === 'function' ? args(port) : args, {
    cwd: projectRoot,
    detached: true,
    env: { ...process.env, DATA_DIR: dataDir, ...env, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (data: Buffer) => {
    const text = data.toString();
    output = (output + text).slice(-4000);
    onOutput?.(text);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ??= `it ended with ${signal ?? `code ${code}`}`;
  });

  const stop = async (): Promise<void> => {
    await endGroup(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  while (!(await isReady(url))) {
    if (performance.now() - startedAt > timeoutMs)
      failure ??= `it was not ready after ${timeoutMs / 1000} s`;
    if (failure !== undefined) {
      await stop();
      throw new Error(`The server did not start: ${failure}. Its last output:\n${output}`);
    }
    await sleep(POLL_MS);
  }
  return {
    url,
    pid: child.pid ?? 0,
    readyMs: performance.now() - startedAt,
    end: () => failure && `${failure}. Its last output:\n${output}`,
    stop,
  };
}

/** Does some work with a server of its own, which ends with it. `env` is what it is told besides the defaults. */
export async function withServer<Result>(
  env: Readonly<Record<string, string>>,
  work: (server: ServerProcess) => Promise<Result>,
): Promise<Result> {
  const server = await startServerProcess({ command: 'bin/whosaid', args: ['serve'], env });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(2000) });
    const body = (await response.json()) as { status?: string; model_loaded?: boolean };
    return response.ok && body.status === 'healthy' && body.model_loaded === true;
  } catch {
    return false;
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  signalGroup(child.pid, 'SIGTERM');
  const late = setTimeout(() => signalGroup(child.pid as number, 'SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(late);
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It ended in the meantime.
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { type Running, start } from '../e2e/support/run.js';
import { testFolder } from './paths.js';
import { childrenOf } from './processes.js';
import { filePart, multipart, type RawResponse, rawRequest, textParts } from './raw-http.js';

/** What a child of the gateway is for. */
export type ChildRole = 'speech' | 'speaker' | 'decoder';

export type GatewayProcess = {
  readonly url: string;
  readonly pid: number;
  /** Its TEMP_DIR. */
  readonly tempDir: string;
  /** Its DATA_DIR, unless it was told another one. */
  readonly dataDir: string;
  /** What it has written so far. */
  output(): string;
  /** Its living children of a kind; of all kinds by default. */
  children(role?: ChildRole): number[];
  /** Sends a recording as a client does. */
  transcribe(audio: Buffer, fields?: Record<string, string>): Promise<RawResponse>;
  health(): Promise<Record<string, unknown> & { readonly requests: Record<string, number> }>;
  /** Resolves with how it ended. */
  readonly ended: Promise<{
    readonly code: number | null;
    readonly signal: NodeJS.Signals | null;
    readonly stderr: string;
  }>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it with SIGTERM and removes its folder. */
  close(): Promise<void>;
};

const MODULES: Record<ChildRole, string> = {
  speech: 'engine-host-main.js',
  speaker: 'speaker-host-main.js',
  decoder: 'decoder-child.js',
};

/** A gateway as people run it: a process of its own, which may be killed. Ready when it resolves. */
export async function startGatewayProcess(
  env: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const folder = await testFolder();
  const data = await testFolder();
  const running = spawnGateway({ TEMP_DIR: folder.path, DATA_DIR: data.path, ...env });
  const pid = running.child.pid as number;
  let output = '';
  running.child.stderr?.on('data', (text: string) => {
    output += text;
  });
  const [url] = await running.waitFor(/http:\/\/127\.0\.0\.1:\d+/);
  return {
    url,
    pid,
    tempDir: folder.path,
    dataDir: data.path,
    output: () => output,
    children: (role) => childrenOf(pid).filter((child) => isOfRole(child, role)),
    transcribe(audio, fields = {}) {
      const parts = [...textParts({ model: 'whisper-1', ...fields }), filePart(audio)];
      return rawRequest(`${url}/v1/audio/transcriptions`, { method: 'POST', ...multipart(parts) });
    },
    health: async () => JSON.parse((await rawRequest(`${url}/health`)).body),
    ended: running.ended,
    signal: (signal) => running.child.kill(signal),
    async close() {
      running.child.kill('SIGTERM');
      await running.ended;
      await folder.remove();
      await data.remove();
    },
  };
}

/** The same without waiting for anything. */
export function spawnGateway(env: Readonly<Record<string, string>>): Running {
  return start({
    command: process.execPath,
    args: [join(projectRoot, 'bin', 'whosaid'), 'serve'],
    cwd: projectRoot,
    env: { PORT: '0', HOST: '127.0.0.1', LOG_FORMAT: 'json', ...env },
  });
}

/** The kind of a process by what it runs. */
export function isOfRole(pid: number, role?: ChildRole): boolean {
  const modules = role ? [MODULES[role]] : Object.values(MODULES);
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return modules.some((module) => command.includes(module));
  } catch {
    return false;
  }
}

import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { type RunResult, start } from '../e2e/support/run.js';
import { testFolder } from './paths.js';

export type WorkerProcess = {
  readonly pid: number;
  /** Where it tells its health. */
  readonly url: string;
  /** What it has logged so far. */
  output(): string;
  readonly ended: Promise<RunResult>;
  signal(signal: NodeJS.Signals): void;
  /** Ends it with SIGTERM, where it runs, and removes its folder. */
  close(): Promise<RunResult>;
};

/** A worker as people run it: a process of its own, which may be killed. Ready when it resolves. */
export async function startWorkerProcess(
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<WorkerProcess> {
  const folder = await testFolder();
  const running = start({
    command: process.execPath,
    args: [join(projectRoot, 'bin', 'whosaid'), 'worker', '--health-port', '0', ...flags],
    cwd: projectRoot,
    env: {
      HOST: '127.0.0.1',
      TEMP_DIR: folder.path,
      LOG_FORMAT: 'json',
      LOG_LEVEL: 'debug',
      ASR_HOSTS: '1',
      SPEAKER_HOSTS: '1',
      ...env,
    },
  });
  let output = '';
  running.child.stderr?.on('data', (text: string) => {
    output += text;
  });
  const [, url = ''] = await running.waitFor(/told at (http:\S+)\/health/);
  return {
    pid: running.child.pid as number,
    url,
    output: () => output,
    ended: running.ended,
    signal: (signal) => running.child.kill(signal),
    async close() {
      running.child.kill('SIGTERM');
      const result = await running.ended;
      await folder.remove();
      return result;
    },
  };
}

/** The chunks that a worker says it has done. */
export function chunksIn(log: string): string[] {
  const lines = log.split('\n').filter((line) => line.includes('A chunk of a job is done'));
  return lines.flatMap((line) => {
    try {
      return [(JSON.parse(line) as { chunk: string }).chunk];
    } catch {
      // Cut off by a kill.
      return [];
    }
  });
}

import { type ChildProcess, spawn } from 'node:child_process';

export type RunResult = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type Running = {
  readonly child: ChildProcess;
  readonly ended: Promise<RunResult>;
  /** Resolves with the first match in stdout or stderr; rejects when the program ends without one. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Signals the program and everything it started, as a terminal does with Ctrl-C. */
  signalAll(signal: NodeJS.Signals): void;
};

type RunOptions = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
};

/** Starts a program in a process group of its own. */
export function start({ command, args, cwd, env = {} }: RunOptions): Running {
  // What npm and the test runner told this process is not meant for the program.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^npm_(lifecycle|package)|^NODE_TEST_CONTEXT$/.test(name),
  );
  const child = spawn(command, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const output = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<RunResult>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...output }));
  });
  return {
    child,
    ended,
    waitFor(pattern) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output.stdout) ?? pattern.exec(output.stderr);
          if (match === null) return;
          listeners.delete(look);
          resolve(match);
        };
        listeners.add(look);
        look();
        ended.then(({ code, stderr }) => {
          reject(new Error(`ended with ${code} before ${pattern}: ${stderr.slice(-2000)}`));
        }, reject);
      });
    },
    signalAll(signal) {
      try {
        process.kill(-(child.pid as number), signal);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
  };
}

/** Runs a program to its end. */
export function run(options: RunOptions): Promise<RunResult> {
  return start(options).ended;
}

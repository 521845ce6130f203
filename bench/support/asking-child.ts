import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A child process that answers one message after the other. */
export type AskingChild<Question, Answer> = {
  readonly pid: number;
  /** Waits for the answer. One question at a time. Rejects with the end of the child's stderr when the child ends. */
  ask(question: Question): Promise<Answer>;
  /** Idempotent. */
  stop(): Promise<void>;
};

/** Forks a module that answers each message with one message. `name` says in errors whose process it is. */
export function forkAskingChild<Question, Answer>({
  module,
  name,
}: {
  module: URL;
  name: string;
}): AskingChild<Question, Answer> {
  const child = fork(fileURLToPath(module), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.on('data', (data: Buffer) => {
    complaints = (complaints + data.toString()).slice(-2000);
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const ended = () =>
    new Error(
      `${name}'s process ended with ${child.signalCode ?? `code ${child.exitCode}`}.\n${complaints}`,
    );

  return {
    pid: child.pid ?? 0,
    async ask(question) {
      if (hasEnded()) throw ended();
      const settled = new AbortController();
      const { signal } = settled;
      try {
        const answer = once(child, 'message', { signal }).then(([reply]) => reply as Answer);
        // Not `exit`: its last words may come after that.
        const end = once(child, 'close', { signal }).then(() => {
          throw ended();
        });
        child.send(question as Parameters<typeof child.send>[0]);
        return await Promise.race([answer, end]);
      } finally {
        settled.abort();
      }
    },
    async stop() {
      if (hasEnded()) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

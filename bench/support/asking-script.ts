import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { AskingChild } from './asking-child.js';

const COMPLAINT_CHARACTERS = 2000;

/**
 * Starts a program that answers each line of JSON on its stdin with one on its stdout, such as a Python script. One
 * question at a time; `name` says in errors whose process it is.
 */
export function startAskingScript<Question, Answer>({
  command,
  args,
  name,
}: {
  readonly command: string;
  readonly args: readonly string[];
  readonly name: string;
}): AskingChild<Question, Answer> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONUTF8: '1' },
  });
  let complaints = '';
  child.stderr.on('data', (data: Buffer) => {
    complaints = (complaints + data.toString()).slice(-COMPLAINT_CHARACTERS);
  });
  // A write to a program that has ended: its end is told below.
  child.stdin.on('error', () => {});
  let failure: Error | undefined;
  const ended = once(child, 'close').catch((error: Error) => {
    failure = error;
  });
  const notStarted = new Promise<IteratorReturnResult<undefined>>((resolve) => {
    child.once('error', () => resolve({ done: true, value: undefined }));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const hasEnded = () =>
    failure !== undefined || child.exitCode !== null || child.signalCode !== null;

  return {
    pid: child.pid ?? 0,
    async ask(question) {
      if (!hasEnded()) child.stdin.write(`${JSON.stringify(question)}\n`);
      // Where it could not even be started, the end of its lines is not told.
      const { value, done } = await Promise.race([lines.next(), notStarted]);
      if (!done) return JSON.parse(value) as Answer;
      await ended;
      const how = failure?.message ?? child.signalCode ?? `code ${child.exitCode}`;
      throw new Error(`${name}'s process ended with ${how}.\n${complaints}`);
    },
    async stop() {
      if (!hasEnded()) child.kill('SIGKILL');
      await ended;
    },
  };
}

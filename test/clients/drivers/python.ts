import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '#config/root.js';
import type { Call } from '../call.js';

/** Written by scripts/lib/python-clients.mjs, which makes the environment. */
type Environment = { python: string; versions: Record<string, string> } | { missing: string };

/** The virtual environment with the clients in Python, or why there is none. */
export function pythonEnvironment(): Environment {
  try {
    const path = join(projectRoot, '.cache', 'python-clients', 'state.json');
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { missing: '`npm test` has not made the environment of the clients in Python' };
  }
}

/** A script of ../python that carries out calls, one at a time, until it is closed. */
export class PythonScript {
  readonly #python: string;
  readonly #script: string;
  #child: ChildProcess | undefined;
  #lines: AsyncIterator<string> | undefined;
  #problems = '';

  constructor({ python, script }: { python: string; script: string }) {
    this.#python = python;
    this.#script = join(projectRoot, 'test', 'clients', 'python', script);
  }

  /** What the script says came of the call. Rejects with its traceback when it failed. */
  async perform(call: Call): Promise<unknown> {
    this.#child ??= this.#start();
    this.#child.stdin?.write(`${JSON.stringify(call)}\n`);
    const { value, done } = (await this.#lines?.next()) ?? { done: true };
    assert.ok(!done, `${this.#script} ended: ${this.#problems}`);
    const { outcome, failure } = JSON.parse(value);
    assert.equal(failure, undefined, failure);
    return outcome;
  }

  async close(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null) return;
    child.stdin?.end();
    await once(child, 'exit');
  }

  #start(): ChildProcess {
    const child = spawn(this.#python, ['-B', this.#script], { stdio: 'pipe' });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#problems += text;
    });
    // A script that has ended is noticed where its answer is awaited.
    child.stdin.on('error', () => {});
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return child;
  }
}

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { FromFlacChild, ToFlacChild } from './protocol.js';

/** JavaScript's share of a child's memory: it holds one frame. */
const JS_HEAP_MB = 64;

/**
 * Writes chunks as FLAC in a child process, which is started with the first one. One file at a time; `dispose` it.
 */
export class FlacEncoder {
  #child: ChildProcess | undefined;
  #exited: Promise<string> = Promise.resolve('it was not started');

  /** Rejects with `decoder_lost` where the child ends, and `signal.reason`. */
  async write(files: ToFlacChild, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    signal.throwIfAborted();
    const child = this.#running();
    const stop = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', stop, { once: true });
    try {
      const answered = once(child, 'message') as Promise<[FromFlacChild]>;
      // Where the child ends first, nobody waits for its answer.
      answered.catch(() => {});
      child.send(files, () => {});
      const ended = this.#exited.then((reason) => [{ type: 'failed', reason }] as const);
      const [answer] = await Promise.race([answered, ended]);
      signal.throwIfAborted();
      if (answer.type === 'failed')
        throw new WhosaidError('decoder_lost', {
          reason: `a chunk was not encoded: ${answer.reason}`,
        });
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends the child; resolves when it is gone. Idempotent. */
  async dispose(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  #running(): ChildProcess {
    if (this.#child?.connected) return this.#child;
    const child = fork(fileURLToPath(new URL('./flac-child.js', import.meta.url)), {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
      execArgv: [`--max-old-space-size=${JS_HEAP_MB}`],
    });
    this.#exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
      child.on('error', ({ message }) => resolve(message));
    });
    this.#child = child;
    return child;
  }
}

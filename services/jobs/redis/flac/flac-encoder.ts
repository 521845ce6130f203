import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { FromFlacChild, ToFlacChild } from './protocol.js';

/** JavaScript's share of a child's memory: it holds one frame. */
const JS_HEAP_MB = 64;
/** A child that has nothing to do for so long is ended: the next file starts another. */
const IDLE_MS = 60_000;

/** Writes chunks as FLAC in a child process, one after another, whoever asks. `dispose` it. */
export class FlacEncoder {
  #child: ChildProcess | undefined;
  #exited: Promise<string> = Promise.resolve('it was not started');
  /** Settles when all files that were asked for are written. */
  #written: Promise<void> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  /**
   * When it has settled, the files are not in use any more. Rejects with `decoder_lost` where the child ends, and
   * `signal.reason`.
   */
  write(files: ToFlacChild, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const writing = this.#written.then(async () => {
      signal.throwIfAborted();
      await this.#encode(files);
    });
    this.#written = writing.catch(() => {});
    return writing;
  }

  /** Ends the child; resolves when it is gone. Idempotent. */
  async dispose(): Promise<void> {
    clearTimeout(this.#idle);
    this.#child?.kill('SIGKILL');
    await this.#exited;
  }

  async #encode(files: ToFlacChild): Promise<void> {
    clearTimeout(this.#idle);
    const child = this.#running();
    const answered = once(child, 'message') as Promise<[FromFlacChild]>;
    // Where the child ends first, nobody waits for its answer.
    answered.catch(() => {});
    child.send(files, () => {});
    const ended = this.#exited.then((reason) => [{ type: 'failed', reason }] as const);
    const [answer] = await Promise.race([answered, ended]);
    this.#idle = setTimeout(() => child.kill('SIGKILL'), IDLE_MS);
    this.#idle.unref();
    if (answer.type === 'written') return;
    const reason = `a chunk was not encoded: ${answer.reason}`;
    throw new WhosaidError('decoder_lost', { reason });
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

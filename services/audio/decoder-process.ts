import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { FRAMES_FD, FrameReader, type FromDecoder, type ToDecoder } from './decoder-protocol.js';

/** JavaScript's share of a child's memory: it holds one block of PCM. Over FFmpeg's share the child watches itself. */
const JS_HEAP_MB = 64;

/** How long a child whose pipe has ended may take to say why. */
const LAST_WORDS_MS = 1000;

/** One decoding child: forked, given one file, read to its end, ended. */
export class DecoderProcess {
  readonly #child: ChildProcess;
  readonly #output: Socket | undefined;
  /** Settles when the process is gone (or never came), with the reason in words. */
  readonly #exited: Promise<string>;
  #running = true;

  /** Throws where the system refuses to start a process at once; where it does so later, `exited()` says so. */
  constructor() {
    this.#child = fork(fileURLToPath(new URL('./decoder-child.js', import.meta.url)), {
      // Place 3 is the pipe of frames, see FRAMES_FD.
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'ipc'],
      // Keys and passwords have no business in a parser of uploads.
      env: {},
      execArgv: [`--max-old-space-size=${JS_HEAP_MB}`],
    });
    // Without free file handles Node gives a child that has no pipes at all.
    this.#output = this.#child.stdio?.[FRAMES_FD] as Socket | undefined;
    // A reset pipe is the end of its child, which `exited()` reports.
    this.#output?.on('error', () => {});
    this.#exited = this.#watch();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** False once the process has ended or lost its channel. */
  get usable(): boolean {
    return this.#running && this.#child.connected;
  }

  /** Whether this child keeps the gateway's process alive: one that works does, one that waits does not. */
  keepAlive(keep: boolean): void {
    const method = keep ? 'ref' : 'unref';
    this.#child[method]();
    this.#child.channel?.[method]();
    this.#output?.[method]();
  }

  start(message: ToDecoder): void {
    // A channel that closed in this moment belongs to a dead child: its exit says so.
    this.#child.send(message, () => {});
  }

  /** Everything the child says, in order, until it ends. Reading slowly makes the child wait. */
  async *messages(): AsyncGenerator<FromDecoder, void> {
    const reader = new FrameReader();
    if (this.#output === undefined) return;
    try {
      for await (const bytes of this.#output) yield* reader.read(bytes as Buffer);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    }
  }

  /** Why the process ended, asked after its pipe has: one that lives on without a pipe is killed. */
  async exited(): Promise<string> {
    const timer = setTimeout(() => this.kill(), LAST_WORDS_MS);
    try {
      return await this.#exited;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A child has nothing worth saving: it is killed outright, in whatever native code it is. */
  kill(): void {
    if (this.#running) this.#child.kill('SIGKILL');
  }

  /** Kills the child and waits until it and its pipe are gone, so that Windows lets its file be deleted. Idempotent. */
  async end(): Promise<void> {
    this.kill();
    // Whoever waits for a child that nothing else keeps alive would wait on an empty event loop.
    if (this.#running) this.keepAlive(true);
    await this.#exited;
    const output = this.#output;
    if (output === undefined || output.closed) return;
    const closed = once(output, 'close');
    output.destroy();
    await closed;
  }

  #watch(): Promise<string> {
    return new Promise((resolve) => {
      const settle = (reason: string): void => {
        this.#running = false;
        resolve(reason);
      };
      this.#child.once('exit', (code, signal) => settle(signal ?? `exit code ${code}`));
      this.#child.on('error', (error) => {
        if (this.#child.pid === undefined) settle(error.message);
      });
    });
  }
}

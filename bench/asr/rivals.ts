import { note } from '../report/progress.js';
import { type SherpaProcess, startSherpa } from './sherpa-process.js';
import type { SherpaMode, SherpaModel } from './sherpa-protocol.js';

export const sherpaModes: readonly SherpaMode[] = ['one by one', 'side by side'];

/** sherpa-onnx-node in one of its modes. Its failures are kept, so that they end nothing but its own row. */
export class Rival {
  readonly mode: SherpaMode;
  /** One for each repetition that worked. */
  readonly elapsedMs: number[] = [];
  /** Why it could not go on. */
  problem: string | undefined;
  #process: SherpaProcess | undefined;

  constructor(mode: SherpaMode) {
    this.mode = mode;
  }

  async load(load: {
    model: SherpaModel;
    threads: number;
    segments: readonly Int16Array[];
  }): Promise<void> {
    note(`asr: loading sherpa-onnx-node, segments ${this.mode}`);
    await this.#try(async () => {
      this.#process = await startSherpa({ ...load, mode: this.mode });
    });
  }

  /** Decodes all segments once more. */
  async measure(): Promise<void> {
    const running = this.#process;
    if (running === undefined || this.problem !== undefined) return;
    await this.#try(async () => {
      this.elapsedMs.push((await running.decode()).elapsedMs);
    });
  }

  async stop(): Promise<void> {
    await this.#process?.stop();
  }

  async #try(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.problem = (error as Error).message;
    }
  }
}

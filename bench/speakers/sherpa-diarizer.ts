import type { SpeakerTurn } from '#utils/transcript/types.js';
import { type AskingChild, forkAskingChild } from '../support/asking-child.js';
import type { FromSherpa, SpeakerModels, ToSherpa } from './sherpa-protocol.js';

/** The best threshold of sherpa's clustering on the evaluation data. */
const THRESHOLD = 0.5;

export type SherpaDiarized = {
  readonly turns: readonly SpeakerTurn[];
  readonly elapsedMs: number;
};

/**
 * sherpa-onnx-node's OfflineSpeakerDiarization with our two models, in a child process of its own: its fatal errors end
 * the process. Its failures are kept, so that they end nothing but its own column.
 */
export class SherpaDiarizer {
  readonly #models: SpeakerModels;
  readonly #threads: number;
  #child: AskingChild<ToSherpa, FromSherpa> | undefined;
  /** Why it failed, when it last did. */
  problem: string | undefined;

  constructor({ models, threads }: { models: SpeakerModels; threads: number }) {
    this.#models = models;
    this.#threads = threads;
  }

  /** Who speaks when; undefined when it failed, see `problem`. Loads the models when they are not loaded. */
  async diarize(samples: Int16Array): Promise<SherpaDiarized | undefined> {
    try {
      await this.load();
      const reply = await this.#child?.ask({ type: 'diarize', samples });
      return reply?.type === 'diarized' ? reply : undefined;
    } catch (error) {
      this.problem = (error as Error).message;
      await this.stop();
      return undefined;
    }
  }

  /** @throws Error when the process ends before it is ready */
  async load(): Promise<void> {
    if (this.#child !== undefined) return;
    this.#child = forkAskingChild({
      module: new URL('./sherpa-main.js', import.meta.url),
      name: 'sherpa-onnx-node',
    });
    await this.#child.ask({
      type: 'load',
      models: this.#models,
      threads: this.#threads,
      threshold: THRESHOLD,
    });
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
    this.#child = undefined;
  }
}

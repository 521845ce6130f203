import { randomUUID } from 'node:crypto';
import type { LiveSettings } from './types.js';

/** An utterance from its beginning until all was told about it. Positions are samples. */
export class Utterance {
  readonly id = `utt_${randomUUID().replaceAll('-', '')}`;
  readonly start: number;
  readonly settings: LiveSettings;
  /** Known once it is committed. */
  end: number | undefined;
  readonly #controller = new AbortController();

  /** @param signal Ends the work on this utterance with the session. */
  constructor(start: number, settings: LiveSettings, signal: AbortSignal) {
    this.start = start;
    this.settings = settings;
    this.signal = AbortSignal.any([signal, this.#controller.signal]);
  }

  /** Aborts when nobody wants to hear of it any more. */
  readonly signal: AbortSignal;

  abandon(): void {
    this.#controller.abort(new Error('the utterance was cleared'));
  }
}

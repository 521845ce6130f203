import { randomUUID } from 'node:crypto';
import type { ChunkTracks } from '#services/diarization/types.js';
import type { ReadStretch } from './read-stretch.js';
import type { TextToken } from './text-tokens.js';
import { ToldText } from './told-text.js';
import type { LiveSettings } from './types.js';

/** A reading of a part as far as it was spoken. */
export type Attempt = { readonly to: number; readonly read: Promise<ReadStretch> };

/** A stretch of an utterance that is recognised in one go: all of it, unless it is long. Positions are samples. */
export type Part = {
  readonly start: number;
  readonly told: ToldText;
  /** The latest reading that was begun while it was spoken. */
  attempt?: Attempt;
};

/** An utterance from its beginning until all was told about it. Positions are samples. */
export class Utterance {
  readonly id = `utt_${randomUUID().replaceAll('-', '')}`;
  readonly start: number;
  readonly settings: LiveSettings;
  /** Aborts when nobody wants to hear of it any more. */
  readonly signal: AbortSignal;
  /** Known once it is committed. */
  end: number | undefined;
  /** What is still being spoken, or was spoken last. */
  part: Part;
  /** Resolves when all parts before the last are told. */
  telling: Promise<void> = Promise.resolve();
  /** Parts that ended and are not told yet. */
  untold = 0;
  /** What is told for good, with times. */
  readonly tokens: TextToken[] = [];
  /** ISO 639-1 code; known when something was recognised. */
  language: string | undefined;
  /** What speaker models hear in each part; only with speakers. */
  readonly heard: Promise<ChunkTracks>[] = [];
  /** Turn detection ends it. */
  endsByTurn: boolean;
  /** All deltas together. */
  text = '';
  readonly #controller = new AbortController();

  /** @param signal Ends the work on this utterance with the session. */
  constructor(start: number, settings: LiveSettings, signal: AbortSignal) {
    this.start = start;
    this.settings = settings;
    this.endsByTurn = settings.turnDetection !== undefined;
    this.signal = AbortSignal.any([signal, this.#controller.signal]);
    this.part = { start, told: new ToldText() };
  }

  /** The part that is spoken ends here, and another begins. */
  nextPart(start: number): Part {
    const { part } = this;
    this.part = { start, told: new ToldText(' ') };
    return part;
  }

  abandon(): void {
    this.#controller.abort(new Error('the utterance is no longer wanted'));
  }
}

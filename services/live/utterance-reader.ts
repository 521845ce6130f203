import { SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import { type ReadStretch, readStretch } from './read-stretch.js';
import type { Sound } from './sound.js';
import { type SpokenStretch, spokenStretch, TAIL_FRAMES } from './spoken-stretch.js';
import { tokensOf } from './text-tokens.js';
import { thresholdOf } from './turn-detector.js';
import type { Part, Utterance } from './utterance.js';

/** Speech that is still going on is read again after so much more of it. */
const STEP_SAMPLES = 0.3 * SAMPLE_RATE;
/** Less speech than this makes no text worth telling. */
const LEAST_SAMPLES = 0.6 * SAMPLE_RATE;
/** Speech probability from which on a commit by hand has speech. */
const FAINT_THRESHOLD = 0.15;
/** With more sound than this still to be listened to, engines have better things to do. */
const MOST_BEHIND_SAMPLES = 0.5 * SAMPLE_RATE;

export type UtteranceReaderOptions = {
  readonly sound: Sound;
  readonly speech: SpeechService;
  /** Called with text to append to an utterance. */
  readonly onDelta: (utterance: Utterance, text: string) => void;
};

/**
 * Recognises utterances, and what there is of them while they are spoken: as often as it may, but only where an engine
 * is free, so that nothing that is wanted for good ever waits for a guess by its own session.
 */
export class UtteranceReader {
  readonly #options: UtteranceReaderOptions;
  /** Guesses that engines work on. */
  #guessing = 0;
  /** How far the latest guess heard. */
  #guessed = 0;
  /** When the next guess may begin: they take half of an engine's time at most. */
  #restUntilMs = 0;

  constructor(options: UtteranceReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads the part that is spoken again if it is time. Where speech has just paused it is read at once: if the pause
   * turns out to be the end, the reading is there already.
   */
  guess(utterance: Utterance, { silentFrames }: { readonly silentFrames: number }): void {
    const { sound } = this.#options;
    const { part } = utterance;
    const pauses = silentFrames >= TAIL_FRAMES;
    if (utterance.untold > 0 || !this.#mayGuess(pauses)) return;
    const stretch = this.#stretchOf(utterance, part, sound.heard);
    if (!stretch || stretch.to === part.attempt?.to) return;
    if (stretch.to - stretch.from < LEAST_SAMPLES && !pauses) return;
    const begunMs = performance.now();
    this.#guessing += 1;
    this.#guessed = sound.heard;
    const read = this.#reader(utterance, stretch, false)();
    part.attempt = { to: stretch.to, read };
    read
      .then(
        (found) => this.#tellGuess(utterance, part, found),
        () => undefined, // read again when the part ends
      )
      .finally(() => {
        this.#guessing -= 1;
        const nowMs = performance.now();
        this.#restUntilMs = nowMs + (nowMs - begunMs);
      });
  }

  /** Reads the part of an utterance that ends here for good; `utterance.telling` rejects if that fails. */
  finishPart(utterance: Utterance, part: Part, end: number): SpokenStretch | undefined {
    const stretch =
      this.#stretchOf(utterance, part, end) ??
      // Whoever says by hand what an utterance is means that there is something to hear.
      (utterance.settings.turnDetection ? undefined : this.#faint(part, end));
    const read = stretch && this.#readForGood(utterance, part, stretch);
    read?.catch(() => undefined); // seen when it is this part's turn to be told
    utterance.untold += 1;
    utterance.telling = utterance.telling.then(async () => {
      const found = await read;
      if (found) this.#settle(utterance, part, found);
      utterance.untold -= 1;
    });
    utterance.telling.catch(() => undefined); // seen when the utterance is told
    return stretch;
  }

  #mayGuess(pauses: boolean): boolean {
    const { sound, speech } = this.#options;
    if (sound.end - sound.heard > MOST_BEHIND_SAMPLES) return false;
    if (pauses) return speech.freePlaces > 0;
    return (
      this.#guessing === 0 &&
      sound.heard - this.#guessed >= STEP_SAMPLES &&
      performance.now() >= this.#restUntilMs &&
      // One place is left to whoever listens, where there are several.
      speech.freePlaces >= Math.min(2, speech.places) &&
      speech.freePlaces > 0
    );
  }

  #stretchOf({ settings }: Utterance, { start }: Part, to: number): SpokenStretch | undefined {
    const threshold = thresholdOf(settings);
    return spokenStretch(this.#options.sound, { from: start, to, threshold });
  }

  #faint({ start }: Part, end: number): SpokenStretch | undefined {
    const threshold = FAINT_THRESHOLD;
    return spokenStretch(this.#options.sound, { from: start, to: end, threshold });
  }

  async #readForGood(
    utterance: Utterance,
    part: Part,
    stretch: SpokenStretch,
  ): Promise<ReadStretch> {
    // The sound is copied now: it may be forgotten later.
    const again = this.#reader(utterance, stretch, true);
    if (part.attempt?.to !== stretch.to) return again();
    return part.attempt.read.catch(again);
  }

  #reader(
    { settings, signal }: Utterance,
    stretch: SpokenStretch,
    isUrgent: boolean,
  ): () => Promise<ReadStretch> {
    const { sound, speech } = this.#options;
    const samples = sound.read(stretch.from, stretch.to);
    const { recognise } = settings;
    return () => readStretch(stretch, samples, { speech, recognise, isUrgent, signal });
  }

  #tellGuess(utterance: Utterance, part: Part, found: ReadStretch): void {
    const isOver = utterance.part !== part || utterance.end !== undefined;
    if (isOver || utterance.signal.aborted) return;
    this.#options.onDelta(utterance, part.told.read(tokensOf(found)));
  }

  #settle(utterance: Utterance, part: Part, found: ReadStretch): void {
    const { delta, told } = part.told.settle(tokensOf(found));
    utterance.language ??= found.language;
    utterance.tokens.push(...told);
    this.#options.onDelta(utterance, delta);
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import type { SpeechService } from '#services/asr/types.js';
import { HEARING_FRAME, type HearingMemory, SAMPLE_RATE } from '#services/asr/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Sound } from './sound.js';

export type EarOptions = {
  readonly sound: Sound;
  readonly speech: Pick<SpeechService, 'listen'>;
  readonly signal: AbortSignal;
  /** Called for each frame in order, when the sound has its probability. */
  readonly onFrame: (frame: number, probability: number) => void;
  /** Called when sound could not be listened to; it counts as silence. */
  readonly onDeaf: (error: unknown) => void;
};

/** What is to be done when all sound before it was listened to. */
type Mark = { readonly at: number; readonly act: () => void };

/** Frames are listened to together in such numbers, to save calls; the delay is the price. */
const LEAST_FRAMES = 2;
/** 10 s, so that other sessions have their turn. */
const MOST_FRAMES = 312;
/** As long as no more than this waits, an engine that may come back is asked again. */
const PATIENCE_SECONDS = 60;
const PAUSE_MS = 250;
/** After sound was given up; what comes meanwhile is tried together. */
const LONG_PAUSE_MS = 2000;

/** Listens to a session's sound as it comes, one call after the other, and acts at places of it. */
export class Ear {
  readonly #options: EarOptions;
  #marks: Mark[] = [];
  #memory: HearingMemory | undefined;
  #wake: () => void = () => {};

  constructor(options: EarOptions) {
    this.#options = options;
  }

  /** There is more sound. */
  notice(): void {
    this.#wake();
  }

  /** Acts when all of the sound that there is now was listened to, but for what is less than a frame. */
  whenHeard(act: () => void): void {
    this.#marks.push({ at: this.#options.sound.end, act });
    this.#wake();
  }

  /** Listens until the signal aborts. Never rejects. */
  async run(): Promise<void> {
    const { signal, sound } = this.#options;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    while (!signal.aborted) {
      const [mark] = this.#marks;
      const until = mark?.at ?? sound.end;
      const frames = Math.floor((until - sound.heard) / HEARING_FRAME);
      if (frames >= (mark ? 1 : LEAST_FRAMES)) await this.#listen(Math.min(frames, MOST_FRAMES));
      else if (mark) this.#marks.shift()?.act();
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }

  async #listen(frames: number): Promise<void> {
    const { sound, speech, signal, onFrame, onDeaf } = this.#options;
    const first = sound.heard / HEARING_FRAME;
    const samples = sound.read(sound.heard, sound.heard + frames * HEARING_FRAME);
    const hearing = { samples, ...(this.#memory && { memory: this.#memory }) };
    let probabilities = new Float32Array(frames);
    try {
      const heard = await speech.listen(hearing, { signal });
      this.#memory = heard.memory;
      probabilities = Float32Array.from(heard.probabilities);
    } catch (error) {
      const isPatient = sound.end - sound.heard < PATIENCE_SECONDS * SAMPLE_RATE;
      const mayHelp = error instanceof WhosaidError && error.entry.retryable;
      const givesUp = !(isPatient && mayHelp);
      await pause(givesUp ? LONG_PAUSE_MS : PAUSE_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || !givesUp) return;
      onDeaf(error);
    }
    for (const [index, probability] of probabilities.entries()) {
      if (signal.aborted) return;
      sound.hear(probability);
      onFrame(first + index, probability);
    }
  }
}

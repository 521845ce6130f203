import { HEARING_FRAME, SAMPLE_RATE } from '#services/asr/types.js';
import { closeBelow } from '#services/asr/vad/spans.js';
import type { LiveSettings, TurnDetection } from './types.js';

const FRAME_SECONDS = HEARING_FRAME / SAMPLE_RATE;
/** Shorter speech is a click. */
const MIN_SPEECH_SECONDS = 0.1;

/** What counts as speech where utterances end by `commit` alone. */
export const USUAL_DETECTION: TurnDetection = {
  threshold: 0.5,
  prefixPaddingSeconds: 0.3,
  silenceSeconds: 0.2,
};

/** Speech probability from which on sound is speech in this session. */
export function thresholdOf({ turnDetection = USUAL_DETECTION }: LiveSettings): number {
  return turnDetection.threshold;
}

export type Turn =
  /** Frame with which speech begins; told some frames later, when it is no click. */
  | { readonly type: 'opened'; readonly frame: number }
  /** First frame after it; told when it was silent for long enough. */
  | { readonly type: 'closed'; readonly frame: number };

/** Finds beginnings and ends of speech frame by frame: the same that `findSpans` finds when all frames are known. */
export class TurnDetector {
  readonly #options: TurnDetection;
  /** Frame at which speech may have begun. */
  #from = -1;
  #silentFrames = 0;
  #isOpen = false;

  constructor(options: TurnDetection) {
    this.#options = options;
  }

  /** Speech is under way that was told. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Frames without speech since the last one with it; 0 outside of speech. */
  get silentFrames(): number {
    return this.#isOpen ? this.#silentFrames : 0;
  }

  push(frame: number, probability: number): Turn | undefined {
    const { threshold, silenceSeconds } = this.#options;
    if (this.#from < 0) {
      if (probability < threshold) return undefined;
      this.#from = frame;
      this.#silentFrames = 0;
    } else if (probability < closeBelow(threshold)) {
      this.#silentFrames += 1;
      if (this.#silentFrames * FRAME_SECONDS >= silenceSeconds) return this.#close(frame);
    } else if (probability >= threshold) this.#silentFrames = 0;
    const speech = (frame + 1 - this.#silentFrames - this.#from) * FRAME_SECONDS;
    if (this.#isOpen || speech < MIN_SPEECH_SECONDS) return undefined;
    this.#isOpen = true;
    return { type: 'opened', frame: this.#from };
  }

  /** Forgets speech that is under way; if it goes on, it begins anew. */
  reset(): void {
    this.#from = -1;
    this.#silentFrames = 0;
    this.#isOpen = false;
  }

  #close(frame: number): Turn | undefined {
    const end = frame + 1 - this.#silentFrames;
    const wasOpen = this.#isOpen;
    this.reset();
    return wasOpen ? { type: 'closed', frame: end } : undefined;
  }
}

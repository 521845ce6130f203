import { HEARING_FRAME, SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import type { Sound } from './sound.js';
import { TAIL_FRAMES } from './spoken-stretch.js';
import type { Utterance } from './utterance.js';

/** A part is not longer than this: readings of what is open take time, and longer ones are no better. */
const LONGEST_SECONDS = 15;
/** From this share of the longest on, a part ends where speech pauses. */
const LONG_ENOUGH = 0.55;
/** Without any pause, a part ends at the quietest place after this share of it. */
const LATE_ENOUGH = 0.5;
/** Frames on both sides of a place that say how quiet it is. */
const AROUND = 2;

/** Says where what is spoken without end is cut to be recognised. */
export class PartCutter {
  readonly #sound: Sound;
  readonly #speech: Pick<SpeechService, 'maxSegmentSeconds'>;

  /** @param speech Asked each time: the recogniser may change while a session goes on. */
  constructor(sound: Sound, speech: Pick<SpeechService, 'maxSegmentSeconds'>) {
    this.#sound = sound;
    this.#speech = speech;
  }

  get longestSeconds(): number {
    const { maxSegmentSeconds = Number.POSITIVE_INFINITY } = this.#speech;
    // A cut is seen some frames late.
    return Math.min(LONGEST_SECONDS, maxSegmentSeconds - 0.5);
  }

  /** Where the open part of an utterance ends; undefined: not yet. */
  cut(
    { part }: Utterance,
    { silentFrames }: { readonly silentFrames: number },
  ): number | undefined {
    const { heard } = this.#sound;
    const seconds = (heard - part.start) / SAMPLE_RATE;
    if (seconds >= this.longestSeconds) return this.#quietest(part.start, heard);
    const pauses = silentFrames >= TAIL_FRAMES && seconds >= LONG_ENOUGH * this.longestSeconds;
    return pauses ? heard : undefined;
  }

  #quietest(start: number, heard: number): number {
    const from = start + Math.floor((heard - start) * LATE_ENOUGH);
    const probabilities = this.#sound.probabilities(from, heard);
    let quietest = probabilities.length - 1;
    let lowest = Number.POSITIVE_INFINITY;
    for (let frame = AROUND; frame < probabilities.length - AROUND; frame++) {
      const around = probabilities.subarray(frame - AROUND, frame + AROUND + 1);
      const loudness = around.reduce((sum, probability) => sum + probability, 0);
      // Of places that are equally quiet the last one: it leaves the least behind it.
      if (loudness > lowest) continue;
      lowest = loudness;
      quietest = frame;
    }
    return (Math.floor(from / HEARING_FRAME) + quietest) * HEARING_FRAME;
  }
}

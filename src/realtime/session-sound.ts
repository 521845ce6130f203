import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { LiveTranscription } from '#services/live/types.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { Arrivals } from './arrivals.js';
import type { AudioFormat } from './session-settings.js';
import { bytesPerSecond, createSoundInput, type SoundInput } from './sound-input.js';

export type SessionSoundOptions = {
  readonly live: Pick<LiveTranscription, 'append' | 'commit' | 'bufferedSeconds' | 'behindSeconds'>;
  readonly format: AudioFormat;
  /** Sound that may wait to be committed; see `append`. */
  readonly bufferSeconds: number;
  /** Aborts when nobody wants what is still to be handed on. */
  readonly signal: AbortSignal;
  readonly onHeard: (seconds: number) => void;
};

/** When the engines are so far behind, no more is taken from the client until they have caught up. */
const MAX_BEHIND_SECONDS = 30;
const CATCH_UP_MS = 50;

/** The sound of a session on its way from the client's bytes to the transcription. */
export class SessionSound {
  readonly #options: SessionSoundOptions;
  /** When it came. */
  readonly arrivals = new Arrivals();
  #format: AudioFormat;
  #input: SoundInput;
  #samples = 0;

  constructor(options: SessionSoundOptions) {
    this.#options = options;
    this.#format = options.format;
    this.#input = createSoundInput(options.format);
  }

  /** All that came so far. */
  get seconds(): number {
    return this.#samples / SAMPLE_RATE;
  }

  /**
   * Resolves when it is handed on and the engines keep up. Goes second by second: an event may hold minutes, and others
   * have sessions, too. With `commitsAlone`, what waits to be committed is committed when it is too much to be held.
   */
  async append(bytes: Buffer, { commitsAlone }: { readonly commitsAlone: boolean }): Promise<void> {
    const { live, signal, bufferSeconds } = this.#options;
    const step = bytesPerSecond(this.#format);
    for (let at = 0; at < bytes.length && !signal.aborted; at += step) {
      if (at > 0) await nextTurn();
      this.#hear(this.#input.push(bytes.subarray(at, at + step)));
      if (commitsAlone && live.bufferedSeconds >= bufferSeconds) live.commit();
      while (live.behindSeconds > MAX_BEHIND_SECONDS && !signal.aborted) await pause(CATCH_UP_MS);
    }
  }

  /** Hands the last milliseconds on, which wait for what comes next: at the end of an utterance. */
  flush(): void {
    this.#hear(this.#input.flush());
  }

  /** Forgets what is not handed on yet. */
  clear(): void {
    this.#input.clear();
  }

  /** What comes from now on is of this format. */
  use(format: AudioFormat): void {
    if (format === this.#format) return;
    this.flush();
    this.#format = format;
    this.#input = createSoundInput(format);
  }

  #hear(samples: Int16Array): void {
    this.#samples += samples.length;
    this.arrivals.add(this.seconds);
    this.#options.live.append(samples);
    this.#options.onHeard(samples.length / SAMPLE_RATE);
  }
}

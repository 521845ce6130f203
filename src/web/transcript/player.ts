import { signal } from '@preact/signals';

/** Whether there is something to play: `unplayable` is a format that this browser does not know. */
export type PlayerState = 'missing' | 'loading' | 'ready' | 'unplayable';

/** Speeds to choose from. */
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/**
 * Plays the recording of one transcript. Without one, or with one that the browser cannot play, a position can still be
 * chosen. Whoever makes a player disposes of it.
 */
export class Player {
  readonly state = signal<PlayerState>('missing');
  /** Position in seconds; follows each frame while it plays. */
  readonly time = signal(0);
  readonly isPlaying = signal(false);
  readonly speed = signal(1);
  readonly #duration: number;
  #audio: HTMLAudioElement | undefined;
  #url = '';
  #frame = 0;

  constructor(duration: number) {
    this.#duration = duration;
  }

  /** Takes a recording, in place of the one before. */
  open(recording: Blob): void {
    this.dispose();
    this.#url = URL.createObjectURL(recording);
    const audio = new Audio();
    this.#audio = audio;
    this.state.value = 'loading';
    audio.preload = 'auto';
    audio.addEventListener('loadedmetadata', () => {
      audio.currentTime = this.time.peek();
      this.state.value = 'ready';
    });
    audio.addEventListener('error', () => {
      this.state.value = 'unplayable';
      this.#stopped();
    });
    audio.addEventListener('play', () => this.#started());
    audio.addEventListener('pause', () => this.#stopped());
    audio.addEventListener('seeked', () => {
      this.time.value = audio.currentTime;
    });
    audio.src = this.#url;
  }

  /** Goes to a position and plays from there, if there is something to play. */
  playFrom(seconds: number): void {
    this.seek(seconds);
    this.play();
  }

  play(): void {
    const audio = this.#audio;
    if (audio === undefined || this.state.peek() === 'unplayable') return;
    audio.playbackRate = this.speed.peek();
    // Refused where another call comes first; what the element then does is told by its events.
    audio.play().catch(() => {});
  }

  pause(): void {
    this.#audio?.pause();
  }

  toggle(): void {
    if (this.isPlaying.peek()) this.pause();
    else this.play();
  }

  seek(seconds: number): void {
    const time = Math.min(Math.max(0, seconds), this.#duration);
    this.time.value = time;
    if (this.#audio !== undefined) this.#audio.currentTime = time;
  }

  setSpeed(speed: number): void {
    this.speed.value = speed;
    if (this.#audio !== undefined) this.#audio.playbackRate = speed;
  }

  /** Stops and lets go of the recording. */
  dispose(): void {
    this.#stopped();
    const audio = this.#audio;
    this.#audio = undefined;
    this.state.value = 'missing';
    if (audio === undefined) return;
    audio.pause();
    audio.removeAttribute('src');
    audio.load();
    URL.revokeObjectURL(this.#url);
  }

  #started(): void {
    this.isPlaying.value = true;
    const follow = () => {
      if (this.#audio === undefined) return;
      this.time.value = this.#audio.currentTime;
      this.#frame = requestAnimationFrame(follow);
    };
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(follow);
  }

  #stopped(): void {
    cancelAnimationFrame(this.#frame);
    this.isPlaying.value = false;
  }
}

/** A larger upload is taken for a long recording before it is known: 10 minutes of mp3, 5 of WAV. */
const LONG_BYTES = 10e6;
/** What lasts longer is long, whatever its size. */
const LONG_AUDIO_SECONDS = 600;

export type WorkProgress = {
  readonly audioSeconds: number;
  /** Length as far as it is known; files may claim any. */
  readonly totalSeconds: number | undefined;
};

/** Whether a recording of so many bytes is taken for long. */
export function looksLong(bytes: number | undefined): boolean {
  return bytes !== undefined && bytes > LONG_BYTES;
}

/** Whether a recording turns out to be long, by its own claim or by what has been worked through of it. */
export function isLong({ audioSeconds, totalSeconds = 0 }: WorkProgress): boolean {
  return Math.max(audioSeconds, totalSeconds) > LONG_AUDIO_SECONDS;
}

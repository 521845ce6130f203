/**
 * Decodes any container or codec to 16 kHz mono PCM in a child process of its own.
 */
export interface AudioDecoder {
  /**
   * Yields blocks of signed 16-bit samples (16 kHz, mono), about a second or more each, with back-pressure:
   * decoding waits while the consumer does. Ending the iteration early or aborting `signal` kills the child.
   * Throws a WhosaidError: `audio_no_stream`, `audio_corrupt`, `audio_too_short`, `audio_too_long`, `decoder_lost` …
   */
  decode(path: string, options?: DecodeOptions): AsyncGenerator<Int16Array, DecodeSummary, void>;
  /** What runs at this moment, for metrics. */
  state(): DecoderState;
  /** Ends every child. Idempotent. */
  dispose(): Promise<void>;
}

export type DecoderState = {
  /** Recordings that are being decoded, each by a process of its own. */
  readonly working: number;
  /** Processes: those that work, and the one that waits for the next recording. */
  readonly pids: readonly number[];
};

/** One side of a stereo recording, as telephone systems record calls: a caller on each. */
export type Channel = 'left' | 'right';

export type DecodeOptions = {
  readonly signal?: AbortSignal;
  /** Called once when the container is open, with its claimed duration if it has one (a hint for progress only). */
  readonly onOpen?: (info: {
    claimedSeconds: number | undefined;
    container: string;
    codec: string;
  }) => void;
  /**
   * Decodes this channel alone instead of the mix of all. A recording that does not have exactly two channels throws
   * `channels_not_stereo`.
   */
  readonly channel?: Channel;
};

export type DecodeSummary = {
  /** Seconds of audio decoded. */
  readonly seconds: number;
};

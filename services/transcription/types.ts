import type { Segment, Transcript } from '#utils/transcript/types.js';

export type TranscribeRequest = {
  /** File to read; the caller owns and deletes it. */
  readonly path: string;
  /** ISO 639-1 code; absent means detect or the model's only language. */
  readonly language?: string;
  readonly prompt?: string;
  /** Stops decoding and inference; the generator throws `signal.reason`. */
  readonly signal?: AbortSignal;
};

/** What the one pipeline tells all its consumers, in this order: progress and segment events, then one `done`. */
export type PipelineEvent =
  | {
      readonly type: 'progress';
      /** Seconds of the recording that are fully recognised. */
      readonly audioSeconds: number;
      /** Best known length: the container's claim until decoding ends, then what was decoded. */
      readonly totalSeconds: number | undefined;
    }
  | { readonly type: 'segment'; readonly segment: Segment }
  | { readonly type: 'done'; readonly transcript: Transcript };

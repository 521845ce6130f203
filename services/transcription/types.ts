import type { SpeechService } from '#services/asr/types.js';
import type { AudioDecoder } from '#services/audio/types.js';
import type { SpeakerCount, SpeakerService } from '#services/diarization/types.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';

/** A sample of a known person's voice: a file in any format, 1.2 to 10 s of them speaking alone. */
export type VoiceReference = {
  readonly name: string;
  /** The caller owns and deletes it. */
  readonly path: string;
};

/** Present in a request: who spoke is found out as well. */
export type SpeakersRequest = {
  readonly count?: SpeakerCount;
  readonly known?: readonly VoiceReference[];
};

/** Each channel of a stereo recording is one speaker, as telephone systems record calls. */
export type ChannelsRequest = {
  /** Names of the left and the right channel. Default `Left` and `Right`. */
  readonly names?: readonly [string, string];
};

export type TranscribeRequest = {
  /** File to read; the caller owns and deletes it. */
  readonly path: string;
  /** ISO 639-1 code; absent means detect or the model's only language. */
  readonly language?: string;
  readonly prompt?: string;
  /** Absent: no speakers. Not together with `channels`. */
  readonly speakers?: SpeakersRequest;
  readonly channels?: ChannelsRequest;
  /** Stops decoding and inference; the generator throws `signal.reason`. */
  readonly signal?: AbortSignal;
};

/** What the pipeline works with. */
export type PipelineDeps = {
  readonly decoder: AudioDecoder;
  readonly speech: SpeechService;
  /** Used only where a request asks for speakers. */
  readonly speakers: SpeakerService;
  /** Length of a chunk in seconds, its overlaps included. */
  readonly chunkSeconds: number;
  /** Seconds that two neighbouring chunks share; at most half of `chunkSeconds`. */
  readonly chunkOverlapSeconds: number;
};

/** What the one pipeline tells all its consumers, in this order: progress and segment events, then one `done`. */
export type PipelineEvent =
  | {
      readonly type: 'progress';
      /** Seconds of the recording that are fully worked through: recognised and, where asked for, diarized. */
      readonly audioSeconds: number;
      /** Best known length: the container's claim until decoding ends, then what was decoded. */
      readonly totalSeconds: number | undefined;
    }
  /** With speakers, segments come when all speakers are known, shortly before `done`. */
  | { readonly type: 'segment'; readonly segment: Segment }
  | { readonly type: 'done'; readonly transcript: Transcript };

import type { RecogniseOptions, SpeechService } from '#services/asr/types.js';
import type { AudioDecoder } from '#services/audio/types.js';
import type { SpeakerCount, SpeakerService } from '#services/diarization/types.js';
import type { EnhanceRequest, Enhancer } from '#services/enhance/types.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import type { ChunkResult } from './chunk-result.js';

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

/** OpenAI's `server_vad`, in seconds. */
export type VadOptions = {
  /** Speech probability from which a stretch counts as speech, 0 to 1. */
  readonly threshold?: number;
  /** A pause of so many seconds ends a segment. */
  readonly silenceSeconds?: number;
  /** Audio kept before the speech of a segment. */
  readonly prefixPaddingSeconds?: number;
};

export type TranscribeRequest = RecogniseOptions & {
  /** File to read; the caller owns and deletes it. */
  readonly path: string;
  /** Names and rare words: what is nearly one of them is written as it is. */
  readonly spelling?: readonly string[];
  /** How speech is found and cut; what is left out is as our measurements chose it. */
  readonly vad?: VadOptions;
  /**
   * Segments are wanted as soon as they are known, with their speakers where these are asked for: who speaks is decided
   * with what has been heard so far, and a segment once told is never told differently. Without it, segments with
   * speakers come when the whole recording is known.
   */
  readonly live?: boolean;
  /** Absent: no speakers. Not together with `channels`. */
  readonly speakers?: SpeakersRequest;
  readonly channels?: ChannelsRequest;
  /** Present: noise or music is taken away first; needs `PipelineDeps.enhancer`. */
  readonly enhance?: EnhanceRequest;
  /**
   * Present: the results of chunks are told as soon as they are complete, in order, so that they can be kept. Not
   * together with `live`.
   */
  readonly chunks?: {
    /** Chunks that an earlier run has done, from the first one on: the work goes on after them. */
    readonly done: readonly ChunkResult[];
  };
  /** Stops decoding and inference; the generator throws `signal.reason`. */
  readonly signal?: AbortSignal;
};

/** What the pipeline works with. */
export type PipelineDeps = {
  readonly decoder: AudioDecoder;
  readonly speech: SpeechService;
  /** Used only where a request asks for speakers. */
  readonly speakers: SpeakerService;
  /** Used only where a request is to be enhanced. */
  readonly enhancer?: Enhancer;
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
  /** With speakers, segments come when all speakers are known, shortly before `done`; unless `live` was asked for. */
  | { readonly type: 'segment'; readonly segment: Segment }
  /** Only where the request has `chunks`; the last ones before the segments with speakers. */
  | { readonly type: 'chunk'; readonly chunk: ChunkResult }
  | {
      readonly type: 'done';
      readonly transcript: Transcript;
      /** It was transcribed before. */
      readonly fromCache?: boolean;
    };

import type { EngineSpec } from '#services/asr/create-engine.js';
import type {
  AudioSegment,
  DetectedLanguage,
  DetectOptions,
  Heard,
  Hearing,
  RecognisedSegment,
  RecogniseOptions,
  SpeechSpan,
} from '#services/asr/types.js';
import type { DeviceChoice } from '#services/devices/types.js';
import type {
  AnalyseInput,
  BlockAnalysis,
  ChunkTracks,
  SpeakerEngineSpec,
  TracksInput,
  VoiceSample,
  VoicesToLink,
} from '#services/diarization/types.js';
import type { EnhanceEngineSpec } from '#services/enhance/types.js';
import type { PlainError } from '#utils/errors/whosaid-error.js';

/**
 * What the gateway and its engine hosts say to each other. Messages travel with `serialization: 'advanced'`, so typed
 * arrays stay binary. Errors are plain data: an Error would lose its fields on the way.
 */

/** Parent → child. `start` comes first and once. */
export type ToEngine<Spec = unknown> =
  | { readonly type: 'start'; readonly spec: Spec }
  | {
      readonly type: 'request';
      readonly id: number;
      readonly operation: string;
      readonly input: unknown;
    }
  /** Nobody waits for this request any more. It is still answered, so that the parent knows when the child is free. */
  | { readonly type: 'cancel'; readonly id: number }
  /** Free what is native, then leave. */
  | { readonly type: 'stop' };

/** Child → parent. `rssBytes` is the child's resident memory at that moment. */
export type FromEngine =
  | {
      readonly type: 'ready';
      readonly rssBytes: number;
      /** What the engine does without although it need not: a sentence each. */
      readonly notes?: readonly string[];
    }
  /** The child stays until it is stopped: a message sent just before an exit can be overtaken by it. */
  | { readonly type: 'start-failed'; readonly error: PlainError }
  | {
      readonly type: 'result';
      readonly id: number;
      readonly output: unknown;
      readonly rssBytes: number;
    }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly error: PlainError;
      readonly rssBytes: number;
    }
  /** The request has come and is worked on from now: whatever ends the child from here on may be its fault. */
  | { readonly type: 'begun'; readonly id: number }
  /** A part of a request is done; one that says nothing for long is taken for stuck. */
  | { readonly type: 'progress'; readonly id: number };

/** The requests that one kind of engine answers: name → what goes in and what comes out. */
export type Operations = Record<string, { input: unknown; output: unknown }>;

/** A file that an engine will open, by its absolute path, and the model whose `models pull` fetches it. */
export type ModelFilePath = { readonly modelId: string; readonly path: string };

export type SpeechHostSpec = {
  /** Where its models run. Default: on the processor. */
  readonly devices?: DeviceChoice;
  readonly engine: EngineSpec;
  /** Every file that the engine will open; checked before it is handed them. */
  readonly files: readonly ModelFilePath[];
};

export type SpeechOperations = {
  detect: { input: { samples: Int16Array; options: DetectOptions }; output: SpeechSpan[] };
  listen: { input: Hearing; output: Heard };
  detectLanguage: { input: { segment: AudioSegment }; output: DetectedLanguage };
  recognise: {
    input: { segments: readonly AudioSegment[]; options: RecogniseOptions };
    output: RecognisedSegment[];
  };
};

export type SpeakerHostSpec = {
  /** Where its models run. Default: on the processor. */
  readonly devices?: DeviceChoice;
  readonly engine: SpeakerEngineSpec;
  /** As in `SpeechHostSpec`, each with the model it belongs to. */
  readonly files: readonly ModelFilePath[];
};

export type EnhanceHostSpec = {
  /** Where its models run. Default: on the processor. */
  readonly devices?: DeviceChoice;
  readonly engine: EnhanceEngineSpec;
  /** As in `SpeechHostSpec`. */
  readonly files: readonly ModelFilePath[];
};

export type EnhanceOperations = {
  enhance: { input: { samples: Int16Array }; output: Int16Array };
};

export type SpeakerOperations = {
  analyse: { input: AnalyseInput; output: BlockAnalysis };
  tracks: { input: TracksInput; output: ChunkTracks };
  link: { input: VoicesToLink; output: number[][] };
  sample: { input: { samples: Int16Array }; output: VoiceSample };
};

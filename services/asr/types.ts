import type { Word } from '#utils/transcript/types.js';

export { SAMPLE_RATE } from '#utils/signal/pcm.js';

/** A stretch of speech found by the voice activity detector; seconds from the start of the samples given. */
export type SpeechSpan = {
  readonly start: number;
  readonly end: number;
  /** Mean speech probability over the span, 0 to 1. */
  readonly probability: number;
};

/** Audio of one speech segment: 16 kHz mono, signed 16 bit. */
export type AudioSegment = { readonly samples: Int16Array };

/** What an engine does with speech: write it down, or write it down in English. */
export type SpeechTask = 'transcribe' | 'translate';

export type RecogniseOptions = {
  /** ISO 639-1 code; absent means: detect it, or the model's only language. */
  readonly language?: string;
  /** Detection chooses among these, where there are any. ISO 639-1 codes; not together with `language`. */
  readonly languages?: readonly string[];
  /** Earlier text or vocabulary, used by engines that can. */
  readonly prompt?: string;
  /** Words that are likely to be said, used by engines that can. */
  readonly keywords?: readonly string[];
  /** Default `transcribe`. `translate` only where the catalogue says that the model can. */
  readonly task?: SpeechTask;
  /** Words carry `pieces`. Only where the catalogue says that the model gives log-probabilities. */
  readonly logprobs?: boolean;
  /** Numbers in figures instead of words, used by engines that can; absent: as the model does by itself. */
  readonly inverseNormalisation?: boolean;
};

/** What counts as speech; what is left out is as the detector's own defaults. */
export type DetectOptions = {
  /** Speech probability from which a stretch counts as speech, 0 to 1. Default 0.5. */
  readonly threshold?: number;
  /** Speech ends where so many seconds are silent. Default 0.2. */
  readonly minSilenceSeconds?: number;
  /** Longer speech is cut where it is least like speech. Default 15. */
  readonly maxSpeechSeconds?: number;
};

/** What a detector remembers of the sound before: it crosses processes, so any of them can go on. */
export type HearingMemory = {
  readonly state: Float32Array;
  /** The last samples. */
  readonly context: Int16Array;
};

/** The next samples of sound that is still being made: a whole number of frames of `HEARING_FRAME` samples. */
export type Hearing = { readonly samples: Int16Array; readonly memory?: HearingMemory };

export type Heard = {
  /** Speech probability of each frame, 0 to 1. */
  readonly probabilities: Float32Array;
  /** For what comes next. */
  readonly memory: HearingMemory;
};

/** Samples of one frame of `listen`: 32 ms. */
export const HEARING_FRAME = 512;

/** The language of a stretch of speech. */
export type DetectedLanguage = {
  /** ISO 639-1 code. */
  readonly language: string;
  /** 0 to 1; absent where the engine does not tell. */
  readonly confidence?: number;
};

/** What an engine says about one `AudioSegment`. Word times are seconds from the start of that segment's samples. */
export type RecognisedSegment = {
  readonly text: string;
  readonly words: readonly Word[];
  readonly tokens: readonly number[];
  /** Mean natural-log probability of the tokens, the end token included. */
  readonly avgLogprob: number;
  readonly temperature: number;
  /** ISO 639-1 code. */
  readonly language: string;
};

/**
 * A recogniser loaded in this process. Segments in, words out, same order and length.
 * `recognise` throws a WhosaidError; a segment without speech gives an empty text, not an error.
 */
export interface AsrEngine {
  /** What it does without although it need not, for the log: a sentence each. */
  readonly notes?: readonly string[];
  recognise(
    segments: readonly AudioSegment[],
    options: RecogniseOptions,
    /**
     * An engine may stop early when `signal` aborts; nobody reads the result then. One that does its segments one after
     * another calls `onProgress` after each.
     */
    call?: { signal?: AbortSignal; onProgress?: () => void },
  ): Promise<RecognisedSegment[]>;
  /** The language that is spoken in a segment of up to 30 s; that of the model where it knows one only. */
  detectLanguage(segment: AudioSegment): Promise<DetectedLanguage>;
  dispose(): Promise<void>;
}

/** A voice activity detector loaded in this process. */
export interface SpeechDetector {
  detect(
    samples: Int16Array,
    call?: DetectOptions & { signal?: AbortSignal },
  ): Promise<SpeechSpan[]>;
  /** Goes on where an earlier call ended: the same probabilities however the sound is cut. */
  listen(hearing: Hearing): Promise<Heard>;
  dispose(): Promise<void>;
}

/**
 * Speech recognition as the pipeline sees it: calls go to supervised engine hosts, the work runs in child processes.
 * Both reject with a WhosaidError (`engine_lost`, `engine_failed`, …) or with `signal.reason` when aborted.
 */
export interface SpeechService {
  /** Segments that one `recognise` call should hold at most so that it becomes one batch. */
  readonly batchSize: number;
  /** Segments should not be longer; absent where the model takes any length. */
  readonly maxSegmentSeconds?: number | undefined;
  /** Ids of the models that punctuate what is recognised; absent or empty: none. */
  punctuation?(): Promise<readonly string[]>;
  detect(
    samples: Int16Array,
    call?: DetectOptions & { signal?: AbortSignal },
  ): Promise<SpeechSpan[]>;
  /** Speech in sound while it is being made; goes before all that is not urgent. */
  listen(hearing: Hearing, call?: { signal?: AbortSignal }): Promise<Heard>;
  /** The language that is spoken in a segment of up to 30 s; that of the model where it knows one only. */
  detectLanguage(segment: AudioSegment, call?: { signal?: AbortSignal }): Promise<DetectedLanguage>;
  recognise(
    segments: readonly AudioSegment[],
    options: RecogniseOptions,
    /** `isUrgent`: goes before all that is not. */
    call?: { signal?: AbortSignal; isUrgent?: boolean },
  ): Promise<RecognisedSegment[]>;
  /** Requests that are worked on side by side, and how many more would be now: 0 while others wait or nothing is loaded. */
  readonly places: number;
  readonly freePlaces: number;
}

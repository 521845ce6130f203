/**
 * Who spoke, from the samples of a recording to its speakers. Three steps, each of which depends on its input alone:
 * blocks of a chunk are analysed by the models, the blocks of a chunk become tracks, and the tracks of all chunks
 * become speakers. Everything here is plain data that crosses processes. Times are seconds from the start of the
 * recording unless a comment says otherwise.
 */

/** One stretch of one local slot: segmentation tells voices of a window apart, but not who they are. */
export type LocalRun = {
  /** Number of the segmentation window inside the chunk: 0, 1, 2 … */
  readonly window: number;
  /** 0, 1 or 2: the same voice all through the window. */
  readonly slot: number;
  readonly start: number;
  readonly end: number;
};

/** A short stretch of one local slot with what it sounds like. */
export type Piece = {
  readonly window: number;
  readonly slot: number;
  readonly start: number;
  readonly end: number;
  /** Unit length. */
  readonly embedding: Float32Array;
  /**
   * True: no other voice is heard meanwhile. False: the slot is hardly ever heard alone in its window, and this stands
   * for all of it there.
   */
  readonly solo: boolean;
};

/** What the speaker models say about a block of a chunk. */
export type BlockAnalysis = {
  /** Segmentation windows in this block. */
  readonly windows: number;
  /** All that is heard in each window, which overlaps its neighbours. */
  readonly runs: readonly LocalRun[];
  readonly pieces: readonly Piece[];
};

export type Stretch = { readonly start: number; readonly end: number };

/**
 * One speaker inside one chunk. A speaker may have several tracks in a chunk; a track has one speaker.
 * `embedding * cohesion * seconds` is the sum of its pieces' embeddings, each times its seconds.
 */
export type Track = {
  /** Unit length. */
  readonly embedding: Float32Array;
  /** Length of the mean embedding: 1 if all pieces sound exactly alike. */
  readonly cohesion: number;
  /** Seconds of undisturbed speech that the embedding was made of. */
  readonly seconds: number;
  /** Sum of the squares of the pieces' seconds: tells how much of the cohesion is a piece's likeness to itself. */
  readonly squares: number;
  /** Where it is heard, ordered by start, over the whole chunk. */
  readonly turns: readonly Stretch[];
};

/** A voice that is heard in a window almost only together with others: its embedding is theirs as well. */
export type Aside = {
  /** Index of the track that it seems to belong to. */
  readonly track: number;
  /** Unit length. */
  readonly embedding: Float32Array;
  readonly turns: readonly Stretch[];
};

/** What segmentation says about two tracks being one speaker, beyond what they sound like. */
export type Tie = {
  /** Indices of two tracks. */
  readonly one: number;
  readonly other: number;
  /** Bonus to the similarity of their pieces, times the seconds of both, summed over pairs. */
  readonly weight: number;
};

/** The speakers of a chunk before they are those of the recording. */
export type ChunkTracks = {
  /** The chunk, its overlaps with its neighbours included. */
  readonly start: number;
  readonly end: number;
  readonly tracks: readonly Track[];
  readonly asides: readonly Aside[];
  readonly ties: readonly Tie[];
  /** How the tracks are joined where a recording has too many to compare all; found out when it is needed if absent. */
  readonly links?: readonly Link[];
};

/** Two clusters of tracks that were linked, each named by the first of its tracks. `one` comes before `other`. */
export type Link = { readonly one: number; readonly other: number; readonly likeness: number };

/** Voices of a recording that are compared with each other, at most 1,500. */
export type VoicesToLink = {
  /** 192 values for each voice: the sum of its pieces' embeddings, each times its seconds. */
  readonly sums: Float64Array;
  readonly seconds: Float64Array;
  /** Sums of the squares of the pieces' seconds. */
  readonly squares: Float64Array;
  /** Ties by their index; see `Tie`. */
  readonly ties: {
    readonly ones: Int32Array;
    readonly others: Int32Array;
    readonly weights: Float64Array;
  };
  readonly count: SpeakerCount;
  /** See `IdentifyOptions.likeness`. */
  readonly likeness?: number;
};

/** How many speakers there are, as far as the client knows. Both equal: exactly so many. */
export type SpeakerCount = { readonly min?: number; readonly max?: number };

/** A person whose voice is known. */
export type KnownVoice = {
  readonly name: string;
  /** Unit length. */
  readonly embedding: Float32Array;
};

/** What is heard in a sample of one person's voice. */
export type VoiceSample = {
  /** Seconds of speech, overlapping voices counted once. */
  readonly speechSeconds: number;
  /** Estimated number of voices; 0 without speech. */
  readonly voices: number;
  /** Unit length; absent where there is not enough speech. */
  readonly embedding?: Float32Array;
};

/** A turn of the recording; `speaker` counts from 0 in the order in which speakers are first heard. */
export type IdentifiedTurn = {
  readonly start: number;
  readonly end: number;
  readonly speaker: number;
};

export type IdentifiedSpeaker = {
  /** Name of the known voice this speaker is; absent: nobody known. */
  readonly known?: string;
  /** Unit length; what this speaker sounds like. */
  readonly embedding: Float32Array;
};

/** The speakers of the whole recording. */
export type Identification = {
  readonly speakers: readonly IdentifiedSpeaker[];
  /** Ordered by start; turns of different speakers may overlap, those of one never do. */
  readonly turns: readonly IdentifiedTurn[];
};

export type IdentifyOptions = {
  readonly count?: SpeakerCount;
  /** How alike pieces of two voices have to be on average to be one speaker's (cosine). Default: that of a whole recording. */
  readonly likeness?: number;
  readonly known?: readonly KnownVoice[];
};

type Call = { readonly signal?: AbortSignal };

/**
 * Speaker models as the pipeline sees them: calls go to supervised engine hosts. All reject with a WhosaidError
 * (`engine_lost`, `engine_failed`, …) or with `signal.reason` when aborted.
 */
export interface SpeakerService {
  /** Blocks that may be analysed side by side. */
  readonly hosts: number;
  analyse(block: AnalyseInput, call?: Call): Promise<BlockAnalysis>;
  tracks(input: TracksInput, call?: Call): Promise<ChunkTracks>;
  identify(
    chunks: readonly ChunkTracks[],
    options: IdentifyOptions,
    call?: Call,
  ): Promise<Identification>;
  /** `samples` of one person speaking alone, a few seconds. */
  sample(samples: Int16Array, call?: Call): Promise<VoiceSample>;
}

export type AnalyseInput = {
  /** 16 kHz mono. */
  readonly samples: Int16Array;
  /** Seconds from the start of the recording to `samples[0]`. */
  readonly start: number;
  /** Number of the first segmentation window in `samples`. */
  readonly firstWindow: number;
  /** Nothing of the chunk comes after these samples. */
  readonly last: boolean;
};

export type TracksInput = {
  readonly start: number;
  readonly end: number;
  readonly blocks: readonly BlockAnalysis[];
};

/** The same operations inside an engine host: the models are loaded in this process. */
export interface SpeakerEngine {
  analyse(block: AnalyseInput, call?: Call): Promise<BlockAnalysis>;
  tracks(input: TracksInput): ChunkTracks;
  /** For each speaker the voices that are surely theirs, by index. */
  link(voices: VoicesToLink): number[][];
  sample(samples: Int16Array, call?: Call): Promise<VoiceSample>;
  dispose(): Promise<void>;
}

/** What an engine host needs to load the speaker models. */
export type SpeakerEngineSpec = {
  readonly segmentationModelPath: string;
  readonly embeddingModelPath: string;
  /** Threads of one inference call. */
  readonly threads: number;
};

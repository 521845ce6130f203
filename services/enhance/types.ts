/** What can be done to the sound of a recording before it is worked on. */
export const ENHANCEMENTS = ['denoise', 'vocals'] as const;

/** `denoise` takes noise away; `vocals` keeps voices and takes music away. Each is a task of the model catalogue. */
export type Enhancement = (typeof ENHANCEMENTS)[number];

/** Who hears the enhanced sound: recognition alone, or also those who tell speakers apart. */
export const ENHANCED_FOR = ['asr', 'both'] as const;
export type EnhancedFor = (typeof ENHANCED_FOR)[number];

/** Present in a request: its recording is enhanced where it needs to be. Plain data, as it is stored with jobs. */
export type EnhanceRequest = {
  readonly kind: Enhancement;
  /** Catalogue id of the model that does it. */
  readonly model: string;
  readonly for: EnhancedFor;
};

/** Enhances samples: 16 kHz mono, as many out as in, and in the same places. */
export interface EnhanceService {
  /** Rejects as the engine does; with `signal.reason`. */
  enhance(
    samples: Int16Array,
    call?: { readonly signal?: AbortSignal | undefined },
  ): Promise<Int16Array>;
}

/** The service of a model of the catalogue, for one recording. */
export type Enhancer = (model: string) => EnhanceService;

/** What an engine host is told to load. */
export type EnhanceEngineSpec = {
  /** `gtcrn`, `dpdfnet`, `mdx` or `spleeter`. */
  readonly family: string;
  readonly modelId: string;
  /** Absolute. */
  readonly modelDir: string;
  /** Paths below it. */
  readonly modelFiles: readonly string[];
  /** Threads of one inference call. */
  readonly threads: number;
};

/** An engine in this process. Samples are -1 to 1 at 16 kHz, mono; as many come out, in the same places. */
export type EnhanceEngine = {
  enhance(samples: Float32Array): Promise<Float32Array>;
  /** Frees what is native. */
  dispose(): Promise<void>;
};

import { withPunctuation } from '#services/punctuation/punctuating-engine.js';
import type { PunctuationSpec } from '#services/punctuation/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { AsrEngine, SpeechDetector } from './types.js';
import { createSileroDetector } from './vad/silero.js';

/** What an engine host needs to load a recogniser and its voice activity detector. Plain data: it crosses processes. */
export type EngineSpec = {
  readonly family: string;
  readonly modelId: string;
  /** Folder of the model's checked and prepared files. */
  readonly modelDir: string;
  /** Names of the fetched ones, below that folder. */
  readonly modelFiles: readonly string[];
  /** Languages of the model, ISO 639 codes; absent where they are not known. */
  readonly languages?: readonly string[];
  readonly vadModelPath: string;
  /** Threads of one inference call. */
  readonly threads: number;
  /** Folder for what an engine needs on disk for a moment. */
  readonly tempDir: string;
  /** Models that punctuate what the recogniser writes, and what is said in the log about one that is missing. */
  readonly punctuation?: {
    readonly models: readonly PunctuationSpec[];
    readonly notes: readonly string[];
  };
};

export type SpeechEngine = {
  readonly asr: AsrEngine;
  readonly detector: SpeechDetector;
  /** What the recogniser does without although it need not, for the log: a sentence each. */
  readonly notes: readonly string[];
  dispose(): Promise<void>;
};

type CreateEngine = (spec: EngineSpec) => Promise<AsrEngine>;

/** Each process holds one engine: what the others import would take 10 to 30 MB of it. */
async function familyNamed(name: string): Promise<CreateEngine | undefined> {
  if (name === 'moonshine') return (await import('./moonshine/engine.js')).createMoonshineEngine;
  if (name === 'whisper') return (await import('./whisper/engine.js')).createWhisperEngine;
  const { families } = await import('./sherpa/families.js');
  if (!Object.hasOwn(families, name)) return undefined;
  return (await import('./sherpa/engine.js')).createSherpaEngine;
}

/**
 * Loads both models of a speech engine into this process. Call it in an engine host only: native inference can end the
 * process.
 *
 * @throws WhosaidError `engine_unavailable` for a family that this version cannot run.
 */
export async function createSpeechEngine(spec: EngineSpec): Promise<SpeechEngine> {
  const create = await familyNamed(spec.family);
  if (!create) {
    throw new WhosaidError('engine_unavailable', {
      reason: `model '${spec.modelId}' is of family '${spec.family}', which this version cannot run`,
    });
  }
  const asr = await withPunctuation(await create(spec), spec.punctuation?.models);
  const detector = await createSileroDetector({ modelPath: spec.vadModelPath, threads: 1 });
  return {
    asr,
    detector,
    notes: [...(asr.notes ?? []), ...(spec.punctuation?.notes ?? [])],
    async dispose() {
      await Promise.all([asr.dispose(), detector.dispose()]);
    },
  };
}

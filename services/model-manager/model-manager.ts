import { fileURLToPath } from 'node:url';
import type { SpeechService } from '#services/asr/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import type { EnhanceService } from '#services/enhance/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import { defaultAsrEntry, type ModelAliases } from './aliases.js';
import type { Catalogue, ModelEntry } from './catalogue.js';
import { choosePunctuation, type PunctuationChoice } from './choose-punctuation.js';
import type { EngineEvent, HostState, PoolState } from './engine-host.js';
import { createEnhanceService } from './enhance-service.js';
import { enhanceHostSpec, speakerHostSpec, speechHostSpec } from './host-specs.js';
import { HostPool, type HostPoolOptions } from './hosts/host-pool.js';
import type {
  EnhanceHostSpec,
  EnhanceOperations,
  SpeakerHostSpec,
  SpeakerOperations,
  SpeechHostSpec,
  SpeechOperations,
} from './protocol.js';
import { createDisabledSpeakerService, createSpeakerService } from './speaker-service.js';
import { createSpeechService } from './speech-service.js';
import type { ModelStore } from './store.js';

export type ModelManagerOptions = {
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled' | 'path'>;
  readonly logger: Logger;
  /** Recogniser that is loaded at the start: a catalogue id, or an alias, which means the catalogue's default. */
  readonly defaultModel: string;
  /** Names that `defaultModel` may be one of; see `ResolveModelContext`. */
  readonly aliases?: ModelAliases;
  /** Speech hosts for each model in use. */
  readonly hosts: number;
  /** Threads of each speech host. */
  readonly threads: number;
  /** Folder for what engines need on disk for a moment. */
  readonly tempDir: string;
  /** Default: speakers are loaded when they are first asked for, into one host of one thread. */
  readonly speakers?: SpeakerHostsOptions;
  /** For each model that enhances sound. Default: one host of one thread. */
  readonly enhance?: { readonly hosts: number; readonly threads: number };
  /** What recognisers write without punctuation gets some, where a model for it is installed. Default false. */
  readonly punctuation?: boolean;
  /** Segments in one batch. Default 8. */
  readonly batchSize?: number;
  /** How hosts are started, watched and stopped; see `EngineHostOptions` and `HostPoolOptions`. */
  readonly supervision?: Partial<
    Omit<HostPoolOptions<never>, 'modulePath' | 'role' | 'model' | 'logger' | 'hosts' | 'spec'>
  >;
  /** Hears what happens to hosts. */
  readonly onEvent?: (event: EngineEvent) => void;
};

export type SpeakerHostsOptions = {
  /** `never`: not loaded, whoever asks; `auto`: by the first request for speakers, to stay; `always`: by `start` too. */
  readonly mode: 'auto' | 'always' | 'never';
  /** Child processes, and threads of each. */
  readonly hosts: number;
  readonly threads: number;
};

export type ManagerState = {
  /** At least one host of the default model can work or is working. */
  readonly modelLoaded: boolean;
  /** Id of the default recogniser. */
  readonly modelName: string;
  readonly hosts: readonly HostState[];
  /** One for each model in use; that of the default recogniser comes first. */
  readonly pools: readonly PoolState[];
};

type SpeechPool = HostPool<SpeechHostSpec, SpeechOperations>;
type SpeakerPool = HostPool<SpeakerHostSpec, SpeakerOperations>;
type EnhancePool = HostPool<EnhanceHostSpec, EnhanceOperations>;

const SPEECH_HOST_MODULE = fileURLToPath(new URL('./engine-host-main.js', import.meta.url));
const SPEAKER_HOST_MODULE = fileURLToPath(new URL('./speaker-host-main.js', import.meta.url));
const ENHANCE_HOST_MODULE = fileURLToPath(new URL('./enhance-host-main.js', import.meta.url));

/**
 * Owner of every engine host; make one for each process. Models are loaded once and shared by all requests: the default
 * recogniser by `start`, another one when it is first used, the speaker models as `SpeakerHostsOptions.mode` says.
 */
export class ModelManager {
  readonly #options: ModelManagerOptions;
  readonly #default: ModelEntry;
  readonly #speechPools = new Map<string, SpeechPool>();
  readonly #enhancePools = new Map<string, EnhancePool>();
  /** By recogniser. Chosen once, so that all hosts of a model, and all transcripts that are kept, are alike. */
  readonly #punctuation = new Map<string, Promise<PunctuationChoice>>();
  /** One for all recognisers; absent where speakers are switched off. */
  readonly #speakerPool: SpeakerPool | undefined;
  readonly #speakers: () => SpeakerService;
  #stopping: Promise<void> | undefined;

  /** Throws `model_unknown` when the default model is no recogniser of the catalogue. */
  constructor(options: ModelManagerOptions) {
    this.#options = options;
    this.#default = defaultAsrEntry(options);
    const { mode, hosts, threads } = speakerOptions(options);
    if (mode !== 'never') this.#speakerPool = this.#createSpeakerPool({ hosts, threads });
    const pool = this.#speakerPool;
    this.#speakers = pool
      ? () => createSpeakerService({ pool, hosts })
      : createDisabledSpeakerService;
  }

  /**
   * Loads the default recogniser, and the speaker models in the mode `always`, into all their hosts. Rejects with
   * `model_not_installed`, or with `engine_unavailable` when a host does not become ready; none of that pool is left
   * running then.
   */
  async start(): Promise<void> {
    const speech = this.#speechPool(this.#default).start();
    const { mode } = speakerOptions(this.#options);
    const starts = [speech, ...(mode === 'always' ? [this.#speakerPool?.start()] : [])];
    const failed = (await Promise.allSettled(starts)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  /**
   * Recognition with this recogniser of the catalogue, by default the default one, for one recording: recordings take
   * turns. Its hosts are started by the first call. Throws `model_unknown`; the calls reject with `model_not_installed` where it is not on disk.
   */
  speech(modelId?: string): SpeechService {
    const { batchSize = 8 } = this.#options;
    const entry = modelId === undefined ? this.#default : this.#recogniser(modelId);
    const { maxSegmentSeconds } = entry.limits;
    return createSpeechService({
      pool: this.#speechPool(entry),
      batchSize,
      maxSegmentSeconds,
      punctuation: async () =>
        (await this.#punctuationOf(entry))?.models.map(({ modelId }) => modelId) ?? [],
    });
  }

  /**
   * The speaker models, whichever the recogniser, for one recording: recordings take turns. Their hosts are started by the first call, if not by `start`. The calls
   * reject with `speakers_disabled` in the mode `never`, and with `model_not_installed` where a model is not on disk.
   */
  speakers(): SpeakerService {
    return this.#speakers();
  }

  /**
   * What takes away noise or music, by its id in the catalogue, for one recording. Its hosts are started by the first
   * call. Throws `model_unknown`; the calls reject with `model_not_installed` where it is not on disk.
   */
  enhancer(modelId: string): EnhanceService {
    return createEnhanceService(this.#enhancePool(this.#options.catalogue.entryOf(modelId)));
  }

  state(): ManagerState {
    const pools = this.#allPools().map((pool) => pool.state());
    const isUsable = ({ state }: HostState) => state === 'ready' || state === 'busy';
    return {
      modelLoaded: this.#speechPools.get(this.#default.id)?.states().some(isUsable) ?? false,
      modelName: this.#default.id,
      hosts: pools.flatMap(({ hosts }) => hosts),
      pools,
    };
  }

  /** Ends every host in steps. Idempotent, never rejects. */
  dispose(): Promise<void> {
    this.#stopping ??= Promise.all(this.#allPools().map((pool) => pool.dispose())).then(() => {});
    return this.#stopping;
  }

  #recogniser(id: string): ModelEntry {
    const entry = this.#options.catalogue.entryOf(id);
    if (entry.task === 'asr') return entry;
    const recognisers = this.#options.catalogue.entries.filter(({ task }) => task === 'asr');
    const known = recognisers.map((each) => each.id).join(', ');
    throw new WhosaidError('model_unknown', { model: id, known });
  }

  #speechPool(entry: ModelEntry): SpeechPool {
    if (this.#stopping)
      throw new WhosaidError('engine_unavailable', { reason: 'the server is stopping' });
    const known = this.#speechPools.get(entry.id);
    if (known) return known;
    const { logger, hosts, supervision, onEvent } = this.#options;
    const pool: SpeechPool = new HostPool({
      ...supervision,
      ...(onEvent && { onEvent }),
      modulePath: SPEECH_HOST_MODULE,
      role: 'speech',
      model: entry.id,
      logger,
      hosts,
      spec: async () =>
        speechHostSpec(entry, {
          ...this.#options,
          punctuation: await this.#punctuationOf(entry),
        }),
    });
    this.#speechPools.set(entry.id, pool);
    return pool;
  }

  async #punctuationOf(entry: ModelEntry): Promise<PunctuationChoice | undefined> {
    if (!this.#options.punctuation) return undefined;
    const known = this.#punctuation.get(entry.id);
    if (known) return known;
    const chosen = choosePunctuation(entry, this.#options);
    this.#punctuation.set(entry.id, chosen);
    chosen.catch(() => this.#punctuation.delete(entry.id));
    return chosen;
  }

  #enhancePool(entry: ModelEntry): EnhancePool {
    if (this.#stopping)
      throw new WhosaidError('engine_unavailable', { reason: 'the server is stopping' });
    const known = this.#enhancePools.get(entry.id);
    if (known) return known;
    const { store, logger, supervision, onEvent, enhance } = this.#options;
    const { hosts, threads } = enhance ?? { hosts: 1, threads: 1 };
    const pool: EnhancePool = new HostPool({
      ...supervision,
      ...(onEvent && { onEvent }),
      modulePath: ENHANCE_HOST_MODULE,
      role: 'enhance',
      model: entry.id,
      logger,
      hosts,
      spec: () => enhanceHostSpec(entry, { store, threads }),
    });
    this.#enhancePools.set(entry.id, pool);
    return pool;
  }

  #createSpeakerPool({ hosts, threads }: { hosts: number; threads: number }): SpeakerPool {
    const { catalogue, store, logger, supervision, onEvent } = this.#options;
    return new HostPool({
      ...supervision,
      ...(onEvent && { onEvent }),
      modulePath: SPEAKER_HOST_MODULE,
      role: 'speaker',
      model: 'speakers',
      logger,
      hosts,
      spec: () => speakerHostSpec({ catalogue, store, threads }),
    });
  }

  #allPools(): readonly (SpeechPool | SpeakerPool | EnhancePool)[] {
    const speakers = this.#speakerPool ? [this.#speakerPool] : [];
    return [...this.#speechPools.values(), ...speakers, ...this.#enhancePools.values()];
  }
}

function speakerOptions({ speakers }: ModelManagerOptions): SpeakerHostsOptions {
  return speakers ?? { mode: 'auto', hosts: 1, threads: 1 };
}

import type { SpeechService } from '#services/asr/types.js';
import { CPU_ONLY, type DeviceChoice } from '#services/devices/types.js';
import type { SpeakerService } from '#services/diarization/types.js';
import type { EnhanceService } from '#services/enhance/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import { defaultAsrEntry, type ModelAliases } from './aliases.js';
import type { Catalogue, ModelEntry } from './catalogue.js';
import { choosePunctuation, type PunctuationChoice } from './choose-punctuation.js';
import {
  createEnhancePool,
  createSpeakerPool,
  createSpeechPool,
  type EnhancePool,
  type PoolContext,
  type SpeakerPool,
  type SpeechPool,
} from './create-pools.js';
import type { EngineEvent, HostState, PoolState } from './engine-host.js';
import { createEnhanceService } from './enhance-service.js';
import { CorePlaces } from './hosts/core-places.js';
import type { HostPoolOptions } from './hosts/host-pool.js';
import { type MemoryState, ModelMemory, type ModelMemoryOptions } from './memory/model-memory.js';
import { createDisabledSpeakerService, createSpeakerService } from './speaker-service.js';
import { createSpeechService } from './speech-service.js';
import type { ModelStore } from './store.js';

export type ModelManagerOptions = {
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled' | 'path'>;
  readonly logger: Logger;
  /** Where models run; asked once, when the first of them is loaded. Default: on the processor. */
  readonly devices?: () => Promise<DeviceChoice>;
  /** What all models in memory may take together. Default: no limit. */
  readonly memory?: Omit<ModelMemoryOptions, 'logger'>;
  /** Ids of further models that `start` loads. */
  readonly preload?: readonly string[];
  /** Recogniser that is loaded at the start: a catalogue id, or an alias, which means the catalogue's default. */
  readonly defaultModel: string;
  /** Names that `defaultModel` may be one of; see `ResolveModelContext`. */
  readonly aliases?: ModelAliases;
  /** Speech hosts for each model in use. */
  readonly hosts: number;
  /** Threads of each speech host. */
  readonly threads: number;
  /** Processors: no more threads of hosts work at once. Default: no limit. */
  readonly cores?: number;
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
    Omit<
      HostPoolOptions<never>,
      'modulePath' | 'role' | 'model' | 'logger' | 'hosts' | 'spec' | 'memory'
    >
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
  /** The default model gave way to others: the next request for it loads it again. */
  readonly isLetGo: boolean;
  /** Where models run; absent until the first one is loaded. */
  readonly devices?: DeviceChoice;
  /** Absent without a limit. */
  readonly memory?: MemoryState;
  readonly hosts: readonly HostState[];
  /** One for each model that was ever asked for; that of the default recogniser comes first. */
  readonly pools: readonly PoolState[];
};

/**
 * Owner of every engine host; make one for each process. Models are shared by all requests: the default
 * recogniser is loaded by `start`, another one when it is first used, the speaker models as `SpeakerHostsOptions.mode` says.
 * Where memory is limited, those that were not used for longest give way (`ModelMemory`).
 */
export class ModelManager {
  readonly #options: PoolContext;
  readonly #default: ModelEntry;
  readonly #speechPools = new Map<string, SpeechPool>();
  readonly #enhancePools = new Map<string, EnhancePool>();
  /** By recogniser. Chosen once, so that all hosts of a model, and all transcripts that are kept, are alike. */
  readonly #punctuation = new Map<string, Promise<PunctuationChoice>>();
  /** One for all recognisers; absent where speakers are switched off. */
  readonly #speakerPool: SpeakerPool | undefined;
  readonly #speakers: () => SpeakerService;
  #choosing: Promise<DeviceChoice> | undefined;
  /** Known once a model was loaded. */
  #devices: DeviceChoice | undefined;
  #stopping: Promise<void> | undefined;

  /** Throws `model_unknown` when the default model is no recogniser of the catalogue. */
  constructor(options: ModelManagerOptions) {
    const { memory, logger } = options;
    this.#options = {
      ...options,
      memory: memory && new ModelMemory({ ...memory, logger }),
      devices: () => this.#chooseDevices(options),
      cores: new CorePlaces(() => this.#places(options)),
    };
    this.#default = defaultAsrEntry(options);
    const { mode, hosts, threads } = speakerOptions(options);
    if (mode !== 'never') this.#speakerPool = createSpeakerPool({ hosts, threads }, this.#options);
    const pool = this.#speakerPool;
    this.#speakers = pool
      ? () => createSpeakerService({ pool, hosts })
      : createDisabledSpeakerService;
  }

  /**
   * Loads the default recogniser, what is to be loaded with it, and the speaker models in the mode `always`, into all
   * their hosts. Rejects with `model_not_installed`, with `model_too_large`, or with `engine_unavailable` when a host does not become ready; none of that pool is left
   * running then.
   */
  async start(): Promise<void> {
    const speech = this.#speechPool(this.#default).start();
    const { mode } = speakerOptions(this.#options);
    const starts = [
      speech,
      ...(mode === 'always' ? [this.#speakerPool?.start()] : []),
      ...(this.#options.preload ?? []).map((id) => this.#poolOf(id).start()),
    ];
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
    const { memory } = this.#options;
    const pool = this.#speechPools.get(this.#default.id);
    const pools = this.#allPools().map((pool) => pool.state());
    const isUsable = ({ state }: HostState) => state === 'ready' || state === 'busy';
    return {
      modelLoaded: pool?.states().some(isUsable) ?? false,
      modelName: this.#default.id,
      isLetGo: pool?.isLetGo ?? false,
      ...(memory && { memory: memory.state }),
      ...(this.#devices && { devices: this.#devices }),
      hosts: pools.flatMap(({ hosts }) => hosts),
      pools,
    };
  }

  /** Ends every host in steps. Idempotent, never rejects. */
  dispose(): Promise<void> {
    this.#stopping ??= Promise.all(this.#allPools().map((pool) => pool.dispose())).then(() => {});
    return this.#stopping;
  }

  async #chooseDevices({ devices }: ModelManagerOptions): Promise<DeviceChoice> {
    this.#choosing ??= devices?.() ?? Promise.resolve(CPU_ONLY);
    this.#devices = await this.#choosing;
    return this.#devices;
  }

  /** Threads of hosts that may work at once. */
  #places({ cores = Number.POSITIVE_INFINITY, hosts, threads }: ModelManagerOptions): number {
    const devices = Object.values(this.#devices ?? CPU_ONLY);
    // Who waits for a device leaves the processors to others.
    if (devices.some((device) => device !== 'cpu')) return Number.POSITIVE_INFINITY;
    const speakers = speakerOptions(this.#options);
    // Who sets more of a kind than there are processors means it.
    return Math.max(cores, hosts * threads, speakers.hosts * speakers.threads);
  }

  #recogniser(id: string): ModelEntry {
    const entry = this.#options.catalogue.entryOf(id);
    if (entry.task === 'asr') return entry;
    const recognisers = this.#options.catalogue.entries.filter(({ task }) => task === 'asr');
    const known = recognisers.map((each) => each.id).join(', ');
    throw new WhosaidError('model_unknown', { model: id, known });
  }

  #poolOf(id: string): SpeechPool | EnhancePool {
    const entry = this.#options.catalogue.entryOf(id);
    return entry.task === 'asr' ? this.#speechPool(entry) : this.#enhancePool(entry);
  }

  #speechPool(entry: ModelEntry): SpeechPool {
    return this.#pool(this.#speechPools, entry, () =>
      createSpeechPool(entry, {
        ...this.#options,
        isDefault: entry === this.#default,
        punctuationOf: () => this.#punctuationOf(entry),
      }),
    );
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
    return this.#pool(this.#enhancePools, entry, () => createEnhancePool(entry, this.#options));
  }

  #pool<Pool>(pools: Map<string, Pool>, { id }: ModelEntry, create: () => Pool): Pool {
    if (this.#stopping)
      throw new WhosaidError('engine_unavailable', { reason: 'the server is stopping' });
    const pool = pools.get(id) ?? create();
    pools.set(id, pool);
    return pool;
  }

  #allPools(): readonly (SpeechPool | SpeakerPool | EnhancePool)[] {
    const speakers = this.#speakerPool ? [this.#speakerPool] : [];
    return [...this.#speechPools.values(), ...speakers, ...this.#enhancePools.values()];
  }
}

function speakerOptions({ speakers }: Pick<ModelManagerOptions, 'speakers'>): SpeakerHostsOptions {
  return speakers ?? { mode: 'auto', hosts: 1, threads: 1 };
}

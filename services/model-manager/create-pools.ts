import { fileURLToPath } from 'node:url';
import type { DeviceChoice } from '#services/devices/types.js';
import type { ModelEntry } from './catalogue.js';
import type { PunctuationChoice } from './choose-punctuation.js';
import { enhanceHostSpec, speakerHostSpec, speechHostSpec } from './host-specs.js';
import type { CorePlaces } from './hosts/core-places.js';
import { HostPool } from './hosts/host-pool.js';
import { estimateBytes } from './memory/estimate.js';
import type { ModelMemory } from './memory/model-memory.js';
import type { ModelManagerOptions } from './model-manager.js';
import type {
  EnhanceHostSpec,
  EnhanceOperations,
  ModelFilePath,
  SpeakerHostSpec,
  SpeakerOperations,
  SpeechHostSpec,
  SpeechOperations,
} from './protocol.js';

export type SpeechPool = HostPool<SpeechHostSpec, SpeechOperations>;
export type SpeakerPool = HostPool<SpeakerHostSpec, SpeakerOperations>;
export type EnhancePool = HostPool<EnhanceHostSpec, EnhanceOperations>;

/** What pools of all kinds are made with. */
export type PoolContext = Omit<ModelManagerOptions, 'memory' | 'devices' | 'cores'> & {
  readonly memory: ModelMemory | undefined;
  readonly devices: () => Promise<DeviceChoice>;
  /** What the hosts of all pools share. */
  readonly cores: CorePlaces;
};

type Size = { readonly hosts: number; readonly threads: number };

const moduleOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Hosts of a recogniser; none is started. `isDefault`: it is unloaded after all others. */
export function createSpeechPool(
  entry: ModelEntry,
  {
    isDefault,
    punctuationOf,
    ...context
  }: PoolContext & {
    readonly isDefault: boolean;
    /** What punctuates it, if anything does. */
    readonly punctuationOf: () => Promise<PunctuationChoice | undefined>;
  },
): SpeechPool {
  return new HostPool({
    ...common({ ...context, isDefault }),
    modulePath: moduleOf('./engine-host-main.js'),
    role: 'speech',
    model: entry.id,
    hosts: context.hosts,
    spec: async (): Promise<SpeechHostSpec> => ({
      ...(await speechHostSpec(entry, { ...context, punctuation: await punctuationOf() })),
      devices: await context.devices(),
    }),
  });
}

/** Hosts of the speaker models; none is started. */
export function createSpeakerPool({ hosts, threads }: Size, context: PoolContext): SpeakerPool {
  return new HostPool({
    ...common({ ...context, threads }),
    modulePath: moduleOf('./speaker-host-main.js'),
    role: 'speaker',
    model: 'speakers',
    hosts,
    spec: async (): Promise<SpeakerHostSpec> => ({
      ...(await speakerHostSpec({ ...context, threads })),
      devices: await context.devices(),
    }),
  });
}

/** Hosts of a model that enhances sound; none is started. */
export function createEnhancePool(entry: ModelEntry, context: PoolContext): EnhancePool {
  const { hosts, threads } = context.enhance ?? { hosts: 1, threads: 1 };
  return new HostPool({
    ...common({ ...context, threads }),
    modulePath: moduleOf('./enhance-host-main.js'),
    role: 'enhance',
    model: entry.id,
    hosts,
    spec: async (): Promise<EnhanceHostSpec> => ({
      ...(await enhanceHostSpec(entry, { ...context, threads })),
      devices: await context.devices(),
    }),
  });
}

function common({
  supervision,
  onEvent,
  logger,
  memory,
  cores,
  threads,
  isDefault = false,
}: PoolContext & { readonly isDefault?: boolean }) {
  const estimate = ({ files }: { readonly files: readonly ModelFilePath[] }) =>
    estimateBytes(files);
  return {
    ...supervision,
    ...(onEvent && { onEvent }),
    logger,
    cores,
    threads,
    ...(memory && { memory: { shared: memory, estimate, isDefault } }),
  };
}

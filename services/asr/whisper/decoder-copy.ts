import { createHash } from 'node:crypto';
import { appendFile, chmod, constants, copyFile, rename, rm, stat } from 'node:fs/promises';
import { fileVersion } from '#services/files/file-version.js';
import { sha256OfFile } from '#services/files/sha256.js';
import { type CopyRecord, type KnownFile, readRecord, writeRecord } from './copy-record.js';
import { partPath, removeAbandonedParts } from './part-files.js';

/** A copy that can be used, or why there will be none; undefined where none was made of what is there now. */
export type FoundCopy = { readonly path: string } | { readonly failure: string } | undefined;

/**
 * A decoder's copy with an addition behind it, in the same folder. A record beside it says of which decoder and which
 * addition it was made, and what came of it, all by their hashes; sizes and times only spare hashing again.
 */
export class DecoderCopy {
  /** Where it is, once it is there. */
  readonly path: string;
  readonly #decoder: string;
  readonly #addition: Uint8Array;
  readonly #recordPath: string;

  /** `decoder` ends in `.onnx`. */
  constructor({ decoder, addition }: { decoder: string; addition: Uint8Array }) {
    const stem = decoder.replace(/\.onnx$/, '.attention');
    this.path = `${stem}.onnx`;
    this.#recordPath = `${stem}.json`;
    this.#decoder = decoder;
    this.#addition = addition;
  }

  async find(): Promise<FoundCopy> {
    const record = await readRecord(this.#recordPath);
    if (record?.additionSha256 !== this.#additionSha256()) return undefined;
    const decoder = await recognised(this.#decoder, record.decoder);
    if (!decoder) return undefined;
    if ('failure' in record) return { failure: record.failure };
    const copy = await recognised(this.path, record.copy);
    if (!copy) return undefined;
    if (decoder !== record.decoder || copy !== record.copy)
      await writeRecord(this.#recordPath, { ...record, decoder, copy });
    return { path: this.path };
  }

  /**
   * Makes it, in place of what is there. Two processes may do so at once: each has a file of its own until it is whole.
   *
   * @param tryOut Rejects for a copy that does not work. That is recorded, so that nobody tries again before the decoder
   * or the addition changes, or the record is deleted.
   * @throws Error when it cannot be made or does not work.
   */
  async make(tryOut: (path: string) => Promise<void>): Promise<string> {
    await removeAbandonedParts(this.path);
    const part = await partPath(this.path);
    try {
      const { decoder, copy } = await this.#writePart(part);
      const additionSha256 = this.#additionSha256();
      await tryOut(part).catch(async (error: Error) => {
        const failure = error.message.replaceAll(part, 'the copy').replace(/\s+/g, ' ').trim();
        await writeRecord(this.#recordPath, { decoder, additionSha256, failure });
        throw new Error(failure, { cause: error });
      });
      await rename(part, this.path);
      const version = (await fileVersion(this.path)) ?? '';
      const record: CopyRecord = { decoder, additionSha256, copy: { ...copy, version } };
      await writeRecord(this.#recordPath, record);
      return this.path;
    } finally {
      await rm(part, { force: true }).catch(() => {});
    }
  }

  async #writePart(part: string): Promise<{ decoder: KnownFile; copy: KnownFile }> {
    const version = await fileVersion(this.#decoder);
    await copyFile(this.#decoder, part, constants.COPYFILE_FICLONE);
    const { size: bytes } = await stat(part);
    await chmod(part, 0o644);
    await appendFile(part, this.#addition);
    const sha256 = await sha256OfFile(part, { bytes });
    const copy = {
      bytes: bytes + this.#addition.length,
      sha256: await sha256OfFile(part),
      version: '',
    };
    if (version === undefined || (await fileVersion(this.#decoder)) !== version)
      throw new Error('it changed while it was copied');
    return { decoder: { bytes, sha256, version }, copy };
  }

  #additionSha256(): string {
    return createHash('sha256').update(this.#addition).digest('hex');
  }
}

/** The file as it is known, with its version of now; undefined for another one. */
async function recognised(path: string, known: KnownFile): Promise<KnownFile | undefined> {
  const version = await fileVersion(path);
  if (version === undefined) return undefined;
  if (version === known.version) return known;
  if ((await stat(path)).size !== known.bytes) return undefined;
  return (await sha256OfFile(path)) === known.sha256 ? { ...known, version } : undefined;
}

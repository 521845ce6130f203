import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs } from '#services/blobs/types.js';
import type { KnownVoice } from '#services/diarization/types.js';
import type { ChunkResult } from '#services/transcription/chunk-result.js';
import type { Transcript } from '#utils/transcript/types.js';
import { decode, encode } from '../store/codec.js';
import type { JobWork, NewJob } from '../types.js';
import type { ChunkPiece } from './chunk-piece.js';

/** Buckets take no larger objects in one go than 5 GB, and a piece that breaks off is small. */
const PIECE_BYTES = 1e9;

const ALL = 'jobs';

/**
 * The files of jobs, shared by all machines:
 *
 * - `jobs/<id>/recording/<n>`: the recording in pieces; `jobs/<id>/samples/<file>`: samples of known voices
 * - `jobs/<id>/voices`: what these sound like
 * - `jobs/<id>/audio/<piece>.flac`: the audio of a chunk; `jobs/<id>/results/<piece>`: what came of it
 * - `jobs/<id>/transcript`: what came of all; the only file that stays when the job has ended
 */
export class JobFiles {
  readonly #blobs: Blobs;

  constructor(blobs: Blobs) {
    this.#blobs = blobs;
  }

  /** Takes over what was received for a job. */
  async putReceived(id: string, { folder, file, work }: NewJob): Promise<void> {
    const path = join(folder, file);
    const { size } = await stat(path);
    if (size === 0) await this.#blobs.putBytes(`${ALL}/${id}/recording/0`, new Uint8Array());
    for (let piece = 0; piece * PIECE_BYTES < size; piece += 1) {
      const part = { path, offset: piece * PIECE_BYTES, bytes: PIECE_BYTES };
      await this.#blobs.putFile(`${ALL}/${id}/recording/${piece}`, part);
    }
    for (const sample of samplesOf(work))
      await this.#blobs.putFile(`${ALL}/${id}/samples/${sample}`, { path: join(folder, sample) });
  }

  /** Brings the recording and the samples of voices into an empty folder of this machine. */
  async fetchReceived(
    id: string,
    { folder, file, work, bytes }: { folder: string; file: string; work: JobWork; bytes: number },
  ): Promise<void> {
    const path = join(folder, file);
    const pieces = Math.max(1, Math.ceil(bytes / PIECE_BYTES));
    for (let piece = 0; piece < pieces; piece += 1)
      await this.#blobs.appendTo(path, `${ALL}/${id}/recording/${piece}`);
    for (const sample of samplesOf(work))
      await this.#blobs.appendTo(join(folder, sample), `${ALL}/${id}/samples/${sample}`);
  }

  putVoices(id: string, voices: readonly KnownVoice[]): Promise<void> {
    return this.#blobs.putBytes(`${ALL}/${id}/voices`, encode(voices));
  }

  async voices(id: string): Promise<KnownVoice[] | undefined> {
    return (await this.#read(`${ALL}/${id}/voices`)) as KnownVoice[] | undefined;
  }

  putAudio(id: string, piece: string, path: string): Promise<void> {
    return this.#blobs.putFile(`${ALL}/${id}/audio/${piece}.flac`, { path });
  }

  fetchAudio(id: string, { name, path }: { name: string; path: string }): Promise<void> {
    return this.#blobs.appendTo(path, `${ALL}/${id}/audio/${name}.flac`);
  }

  putResult(id: string, { name }: ChunkPiece, result: ChunkResult): Promise<void> {
    return this.#blobs.putBytes(`${ALL}/${id}/results/${name}`, encode(result));
  }

  hasResult(id: string, { name }: ChunkPiece): Promise<boolean> {
    return this.#blobs.has(`${ALL}/${id}/results/${name}`);
  }

  async result(id: string, { name }: ChunkPiece): Promise<ChunkResult | undefined> {
    return (await this.#read(`${ALL}/${id}/results/${name}`)) as ChunkResult | undefined;
  }

  putTranscript(id: string, transcript: Transcript): Promise<void> {
    return this.#blobs.putBytes(`${ALL}/${id}/transcript`, encode(transcript));
  }

  async transcript(id: string): Promise<Transcript | undefined> {
    return (await this.#read(`${ALL}/${id}/transcript`)) as Transcript | undefined;
  }

  /** Ids of all jobs that have files. */
  ids(): Promise<string[]> {
    return this.#blobs.list(ALL);
  }

  /** Removes what a job that has ended does not need any more. */
  async removeWorking(id: string): Promise<void> {
    for (const name of await this.#blobs.list(`${ALL}/${id}`))
      if (name !== 'transcript') await this.#blobs.removeAll(`${ALL}/${id}/${name}`);
  }

  async hasAny(id: string): Promise<boolean> {
    return (await this.#blobs.list(`${ALL}/${id}`)).length > 0;
  }

  remove(id: string): Promise<void> {
    return this.#blobs.removeAll(`${ALL}/${id}`);
  }

  async #read(name: string): Promise<unknown> {
    const bytes = await this.#blobs.getBytes(name);
    return bytes && decode(bytes);
  }
}

function samplesOf({ speakers }: JobWork): string[] {
  return speakers?.known?.map(({ file }) => file) ?? [];
}

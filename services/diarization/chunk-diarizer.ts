import type { ChunkTracks, SpeakerService } from './types.js';

export type ChunkDiarizerOptions = {
  readonly speakers: SpeakerService;
  /** Seconds from the start of the recording to the first sample of the chunk. */
  readonly start: number;
  readonly signal?: AbortSignal;
  /** Called with the second of the recording up to which the chunk is analysed. */
  readonly onProgress?: (seconds: number) => void;
};

/** Diarizes one chunk while its audio arrives. */
export class ChunkDiarizer {
  /** Takes the next samples of the chunk; resolves when more may come (few blocks are in flight at once). */
  async write(_samples: Int16Array): Promise<void> {
    throw new Error('not written yet');
  }

  /** Call once after the last samples. Rejects as the service does. */
  async finish(): Promise<ChunkTracks> {
    throw new Error('not written yet');
  }
}

import { SAMPLE_RATE } from '#services/asr/types.js';
import { ChunkDiarizer } from '#services/diarization/chunk-diarizer.js';
import type { ChunkTracks, SpeakerService } from '#services/diarization/types.js';
import { Pulse } from './pulse.js';

export type RecordingDiarizerOptions = {
  readonly speakers: SpeakerService;
  readonly signal: AbortSignal;
  /** Called when a chunk cannot be diarized, at once: whoever reads the recording may stop. */
  readonly onFailure: (error: unknown) => void;
};

/** So much audio may wait for the diarizer before the decoder waits too: recognition goes on meanwhile. */
const MAX_WAITING_SAMPLES = 240 * SAMPLE_RATE;

/**
 * Diarizes the chunks of a recording one after another, while their audio is read for recognition. Two chunks are in
 * work at most: the end of one and the beginning of the next.
 */
export class RecordingDiarizer {
  readonly #options: RecordingDiarizerOptions;
  readonly #progress = new Pulse();
  readonly #tracks: Promise<ChunkTracks>[] = [];
  /** How far each chunk in work is, in order. */
  readonly #inWork: ChunkProgress[] = [];
  #feed: ChunkFeed | undefined;
  #until = 0;

  constructor(options: RecordingDiarizerOptions) {
    this.#options = options;
  }

  /** Seconds of the recording that are diarized. */
  get until(): number {
    return this.#until;
  }

  /** Resolves when `until` has grown. */
  progress(): Promise<void> {
    return this.#progress.wait();
  }

  /** Hands on the blocks of a chunk, which starts at this second, and gives them to the diarizer as well. */
  async *listen<Result>(
    start: number,
    blocks: AsyncGenerator<Int16Array, Result, void>,
  ): AsyncGenerator<Int16Array, Result, void> {
    await this.#tracks.at(-2);
    const { speakers, signal, onFailure } = this.#options;
    const progress: ChunkProgress = { until: 0, finished: false };
    this.#inWork.push(progress);
    const onProgress = (until: number) => this.#reached(progress, { until });
    const diarizer = new ChunkDiarizer({ speakers, start, signal, onProgress });
    const feed = new ChunkFeed(diarizer, onFailure);
    this.#feed = feed;
    for (;;) {
      const { done, value } = await blocks.next();
      if (done) {
        this.#tracks.push(this.#finished(feed, progress));
        return value;
      }
      await feed.add(value);
      yield value;
    }
  }

  /** Of all chunks that were read to their end. Rejects when one could not be diarized. */
  tracks(): Promise<ChunkTracks[]> {
    return Promise.all(this.#tracks);
  }

  /** Resolves when nothing is in work any more. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#tracks, this.#feed?.written]);
  }

  #finished(feed: ChunkFeed, progress: ChunkProgress): Promise<ChunkTracks> {
    const tracks = feed.finish();
    tracks.then(
      ({ end }) => this.#reached(progress, { until: end, finished: true }),
      this.#options.onFailure,
    );
    return tracks;
  }

  /** The beginning of a chunk may be analysed before the end of the one before it: that is no progress yet. */
  #reached(chunk: ChunkProgress, now: Partial<ChunkProgress>): void {
    Object.assign(chunk, now);
    const before = this.#until;
    for (let [first] = this.#inWork; first; [first] = this.#inWork) {
      this.#until = Math.max(this.#until, first.until);
      if (!first.finished) break;
      this.#inWork.shift();
    }
    if (this.#until > before) this.#progress.happen();
  }
}

/** Seconds of the recording up to which a chunk is analysed. */
type ChunkProgress = { until: number; finished: boolean };

/** Blocks on their way to the diarizer of one chunk. */
class ChunkFeed {
  /** Everything that was added so far. */
  written: Promise<void> = Promise.resolve();
  readonly #diarizer: ChunkDiarizer;
  readonly #onFailure: (error: unknown) => void;
  readonly #taken = new Pulse();
  #waitingSamples = 0;

  constructor(diarizer: ChunkDiarizer, onFailure: (error: unknown) => void) {
    this.#diarizer = diarizer;
    this.#onFailure = onFailure;
  }

  /** Resolves at once unless too much is waiting. Rejects as the diarizer does. */
  async add(block: Int16Array): Promise<void> {
    this.#waitingSamples += block.length;
    this.written = this.#write(this.written, block);
    this.written.catch(this.#onFailure);
    while (this.#waitingSamples > MAX_WAITING_SAMPLES)
      await Promise.race([this.#taken.wait(), this.written]);
  }

  async finish(): Promise<ChunkTracks> {
    await this.written;
    return this.#diarizer.finish();
  }

  async #write(before: Promise<void>, block: Int16Array): Promise<void> {
    await before;
    await this.#diarizer.write(block);
    this.#waitingSamples -= block.length;
    this.#taken.happen();
  }
}

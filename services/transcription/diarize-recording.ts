import { SAMPLE_RATE } from '#services/asr/types.js';
import { ChunkDiarizer } from '#services/diarization/chunk-diarizer.js';
import type { ChunkTracks, SpeakerService } from '#services/diarization/types.js';
import { Pulse } from './pulse.js';

export type RecordingDiarizerOptions = {
  readonly speakers: SpeakerService;
  readonly signal: AbortSignal;
  /** Called when a chunk cannot be diarized, at once: whoever reads the recording may stop. */
  readonly onFailure: (error: unknown) => void;
  /** `tracksUntil` will be asked. Default false. */
  readonly isLive?: boolean;
};

/** A chunk that is read or was read. */
type Chunk = {
  /** Absent where nothing is asked of it any more. */
  diarizer?: ChunkDiarizer;
  /** From the moment on when it was read to its end. */
  tracks?: Promise<ChunkTracks>;
  /** Second of the recording; known when its tracks are. */
  end?: number;
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
  readonly #chunks: Chunk[] = [];
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
    await this.#chunks.at(-2)?.tracks;
    const { speakers, signal, onFailure } = this.#options;
    const progress: ChunkProgress = { until: 0, finished: false };
    this.#inWork.push(progress);
    const onProgress = (until: number) => this.#reached(progress, { until });
    const diarizer = new ChunkDiarizer({ speakers, start, signal, onProgress });
    const feed = new ChunkFeed(diarizer, onFailure);
    this.#feed = feed;
    const chunk: Chunk = { diarizer };
    this.#chunks.push(chunk);
    for (;;) {
      const { done, value } = await blocks.next();
      if (done) {
        chunk.tracks = this.#finished(chunk, { feed, progress });
        return value;
      }
      await feed.add(value);
      yield value;
    }
  }

  /** Takes the tracks of the next chunk from an earlier run, instead of its audio. */
  resume(tracks: ChunkTracks): void {
    this.#chunks.push({ tracks: Promise.resolve(tracks), end: tracks.end });
    this.#until = Math.max(this.#until, tracks.end);
  }

  /** Of one chunk that was read to its end. Rejects when it could not be diarized. */
  tracksOf(index: number): Promise<ChunkTracks> {
    const tracks = this.#chunks[index]?.tracks;
    if (!tracks)
      throw new TypeError('The tracks of a chunk are there when it was read to its end.');
    return tracks;
  }

  /** Of all chunks that were read to their end. Rejects when one could not be diarized. */
  tracks(): Promise<ChunkTracks[]> {
    return Promise.all(this.#chunks.flatMap(({ tracks }) => tracks ?? []));
  }

  /**
   * What is known when this second of the recording is diarized (`until`), and nothing of what comes after it: the same
   * at whatever time it is asked. Never ask for an earlier second than before.
   */
  async tracksUntil(seconds: number): Promise<ChunkTracks[]> {
    const known: ChunkTracks[] = [];
    for (const chunk of this.#chunks) {
      const isWhole = chunk.end !== undefined && chunk.end <= seconds;
      if (!isWhole) {
        if (chunk.diarizer) known.push(await chunk.diarizer.tracksUntil(seconds));
        break;
      }
      // What the models said about it block by block is not needed any more.
      delete chunk.diarizer;
      if (chunk.tracks) known.push(await chunk.tracks);
    }
    return known;
  }

  /** Resolves when nothing is in work any more. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#chunks.map(({ tracks }) => tracks), this.#feed?.written]);
  }

  #finished(
    chunk: Chunk,
    { feed, progress }: { feed: ChunkFeed; progress: ChunkProgress },
  ): Promise<ChunkTracks> {
    const { isLive = false, onFailure } = this.#options;
    const tracks = feed.finish();
    tracks.then(({ end }) => {
      chunk.end = end;
      if (!isLive) delete chunk.diarizer;
      this.#reached(progress, { until: end, finished: true });
    }, onFailure);
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

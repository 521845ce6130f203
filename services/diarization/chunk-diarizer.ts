import { joinSamples, SAMPLE_RATE } from '#utils/signal/pcm.js';
import type { BlockAnalysis, ChunkTracks, SpeakerService } from './types.js';
import { BLOCK_SAMPLES, BLOCK_WINDOWS, HOP_SAMPLES } from './windows.js';

export type ChunkDiarizerOptions = {
  readonly speakers: SpeakerService;
  /** Seconds from the start of the recording to the first sample of the chunk. */
  readonly start: number;
  readonly signal?: AbortSignal;
  /** Called with the second of the recording up to which the chunk is analysed. */
  readonly onProgress?: (seconds: number) => void;
};

/** Some windows of the chunk, and the second of the recording at which the next ones begin. */
type Block = { readonly until: number; readonly analysis: Promise<BlockAnalysis> };

/** Diarizes one chunk while its audio arrives. */
export class ChunkDiarizer {
  readonly #options: ChunkDiarizerOptions;
  readonly #blocks: Block[] = [];
  #waiting: Int16Array[] = [];
  #waitingSamples = 0;
  /** First segmentation window of the next block. */
  #window = 0;
  #samples = 0;
  #analysed = 0;

  constructor(options: ChunkDiarizerOptions) {
    this.#options = options;
  }

  /** Takes the next samples of the chunk; resolves when more may come (few blocks are in flight at once). */
  async write(samples: Int16Array): Promise<void> {
    this.#waiting.push(samples);
    this.#waitingSamples += samples.length;
    this.#samples += samples.length;
    for (;;) {
      // One block for each host, and one more so that none waits for its next.
      await this.#blocks.at(-1 - this.#options.speakers.hosts)?.analysis;
      // Whether a block is the chunk's last is known only when something follows it.
      if (this.#waitingSamples <= BLOCK_SAMPLES) return;
      const all = joinSamples(this.#waiting);
      this.#analyse(all.slice(0, BLOCK_SAMPLES), false);
      const rest = all.slice(BLOCK_WINDOWS * HOP_SAMPLES);
      this.#waiting = [rest];
      this.#waitingSamples = rest.length;
    }
  }

  /** Call once after the last samples. Rejects as the service does. */
  async finish(): Promise<ChunkTracks> {
    if (this.#waitingSamples > 0) this.#analyse(joinSamples(this.#waiting), true);
    this.#waiting = [];
    return this.#tracks(this.#blocks, this.#options.start + this.#samples / SAMPLE_RATE);
  }

  /**
   * The tracks of the blocks that end up to this second of the recording, as if the chunk ended with them. Waits for
   * their analysis. Rejects as the service does.
   */
  tracksUntil(seconds: number): Promise<ChunkTracks> {
    const blocks = this.#blocks.filter(({ until }) => until <= seconds);
    return this.#tracks(blocks, blocks.at(-1)?.until ?? this.#options.start);
  }

  async #tracks(blocks: readonly Block[], end: number): Promise<ChunkTracks> {
    const { speakers, start, signal } = this.#options;
    const analysed = await Promise.all(blocks.map(({ analysis }) => analysis));
    return speakers.tracks({ start, end, blocks: analysed }, signal ? { signal } : {});
  }

  #analyse(samples: Int16Array, last: boolean): void {
    const { speakers, signal } = this.#options;
    const start = this.#options.start + (this.#window * HOP_SAMPLES) / SAMPLE_RATE;
    const analysis = speakers.analyse(
      { samples, start, firstWindow: this.#window, last },
      signal ? { signal } : {},
    );
    this.#window += BLOCK_WINDOWS;
    // The next block begins before this one ends.
    const until = start + (last ? samples.length : BLOCK_WINDOWS * HOP_SAMPLES) / SAMPLE_RATE;
    this.#blocks.push({ until, analysis });
    // A failure is seen by `write` or `finish`, whichever comes next.
    analysis.then(
      () => this.#tell(until),
      () => {},
    );
  }

  /** Blocks may be done out of order by a little: progress never goes back. */
  #tell(seconds: number): void {
    if (seconds <= this.#analysed) return;
    this.#analysed = seconds;
    this.#options.onProgress?.(seconds);
  }
}

import type { ChunkTracks } from '#services/diarization/types.js';
import type { ChunkResult, ChunkWindow } from './chunk-result.js';
import type { RecognisedStep } from './transcript-draft.js';

/** A chunk that is recognised; complete when its tracks are there, where any are awaited. */
type Recognised = {
  readonly result: Omit<ChunkResult, 'tracks'>;
  readonly isAwaited: boolean;
  tracks?: ChunkTracks;
  /** Resolves when the tracks are there; never, where they are not to be had. */
  readonly ready: Promise<void>;
};

export type ChunkRecorderOptions = {
  /** The tracks of a chunk that was read to its end; absent where nobody asks who speaks. */
  readonly tracksOf?: (index: number) => Promise<ChunkTracks>;
};

/** Gathers what comes of each chunk of a recording, to be kept or sent as a whole. */
export class ChunkRecorder {
  readonly #tracksOf: ChunkRecorderOptions['tracksOf'];
  #windows: ChunkWindow[] = [];
  readonly #recognised: Recognised[] = [];

  constructor({ tracksOf }: ChunkRecorderOptions) {
    this.#tracksOf = tracksOf;
  }

  /** Takes the next step of reading, in order. */
  add({ step, segments }: RecognisedStep): void {
    if (step.type === 'window') {
      this.#windows.push({ end: step.window.end, segments });
      return;
    }
    const { chunk, end, nextStart } = step;
    const result = { ...chunk, end, nextStart, windows: this.#windows };
    this.#windows = [];
    this.#recognised.push(this.#awaitTracks(result));
  }

  /** The chunks that are complete and were not taken yet, in order. */
  take(): ChunkResult[] {
    const taken: ChunkResult[] = [];
    for (let [first] = this.#recognised; first; [first] = this.#recognised) {
      if (first.isAwaited && first.tracks === undefined) break;
      taken.push({ ...first.result, ...(first.tracks && { tracks: first.tracks }) });
      this.#recognised.shift();
    }
    return taken;
  }

  /** Resolves when `take` has something; undefined where no chunk is recognised. */
  next(): Promise<void> | undefined {
    return this.#recognised[0]?.ready;
  }

  #awaitTracks(result: Recognised['result']): Recognised {
    const tracks = this.#tracksOf?.(result.index);
    if (tracks === undefined) return { result, isAwaited: false, ready: Promise.resolve() };
    const recognised: Recognised = {
      result,
      isAwaited: true,
      ready: tracks.then(
        (found) => {
          recognised.tracks = found;
        },
        // A failure is heard of elsewhere, and ends everything.
        () => new Promise<void>(() => {}),
      ),
    };
    return recognised;
  }
}

/** The steps of reading that gave a chunk. */
export function* stepsOf(chunk: ChunkResult): Generator<RecognisedStep, void, void> {
  const { index, start, ownUntil, end, nextStart, windows } = chunk;
  const identity = { index, start, ownUntil };
  for (const window of windows) {
    yield {
      step: { type: 'window', chunk: identity, window: { end: window.end } },
      segments: window.segments,
    };
  }
  yield { step: { type: 'chunk-end', chunk: identity, end, nextStart }, segments: [] };
}

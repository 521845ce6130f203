import { ChunkBuffer } from './chunk-buffer.js';
import { chooseCut, type Speech } from './chunk-cut.js';
import { SAMPLE_RATE } from './pcm.js';
import type { DecodeSummary } from './types.js';

/** A part of a recording that is worked on by itself. Times are seconds from the start of the recording. */
export type AudioChunk = {
  /** 0, 1, 2 … */
  readonly index: number;
  readonly start: number;
  /** The next chunk, if there is one, begins here or later: what is found before belongs to this chunk alone. */
  readonly ownUntil: number;
  /** Its audio, overlaps included, as it is decoded. Read it to its end before you ask for the next chunk. */
  readonly blocks: AsyncGenerator<Int16Array, ChunkEnd, void>;
};

export type ChunkEnd = {
  readonly end: number;
  /** Where the next chunk begins: before `end`, by the overlap. Undefined after the last chunk. */
  readonly nextStart: number | undefined;
};

export type ReadChunksOptions = {
  /** The recording, 16 kHz mono; ended when the chunks are. */
  readonly blocks: AsyncGenerator<Int16Array, DecodeSummary, void>;
  /** No chunk is longer, but the last one may be by a quarter. */
  readonly chunkSeconds: number;
  /** About so much is shared by two neighbours; at most half of `chunkSeconds`. 0: chunks only meet. */
  readonly overlapSeconds: number;
  /** Finds the speech in samples; seconds from their start. */
  readonly speechIn: (samples: Int16Array) => Promise<readonly Speech[]>;
  /** Leaves out the chunks before this one, as it came after them in an earlier run. Default: the first. */
  readonly from?: ChunkPlace;
};

/** Where a chunk begins, as the chunk before it says. */
export type ChunkPlace = {
  /** 0, 1, 2 … */
  readonly index: number;
  /** Seconds from the start of the recording. */
  readonly start: number;
  /** Where the chunk before it ends. */
  readonly previousEnd: number;
};

/** What is left of a recording is cut off only when the chunk would otherwise be longer than this share of its length. */
const LONGEST_LAST = 1.25;
/** A chunk ends in its last sixth, but not more than this before its full length. */
const MAX_END_SEARCH_SECONDS = 30;
/** The overlap may be a third longer or shorter, but not by more than this, for the sake of a pause. */
const MAX_START_SEARCH_SECONDS = 10;
/** Heard before and after a range in which a pause is looked for: detectors need a run-up, and pauses have two ends. */
const AROUND_SECONDS = 3;

/**
 * Cuts a recording, while it is decoded, into chunks that overlap. Both ends of a chunk lie in a pause where there is one
 * near enough. Blocks are handed on as they come; held back are only those in which an end is looked for, and those
 * that the next chunk begins with, never more than half a chunk.
 *
 * @returns What the stream returns. Throws what the stream and `speechIn` throw.
 */
export async function* readChunks(
  options: ReadChunksOptions,
): AsyncGenerator<AudioChunk, DecodeSummary, void> {
  const buffer = new ChunkBuffer(options.blocks);
  const geometry = geometryOf(options);
  const { from = { index: 0, start: 0, previousEnd: 0 } } = options;
  let start: number | undefined = Math.round(from.start * SAMPLE_RATE);
  let startAtLeast = Math.round(from.previousEnd * SAMPLE_RATE);
  try {
    await buffer.skip(start);
    for (let index = from.index; start !== undefined; index++) {
      const chunk = { buffer, geometry, start, startAtLeast, speechIn: options.speechIn };
      const ends: Ends[] = [];
      yield {
        index,
        start: start / SAMPLE_RATE,
        ownUntil: Math.max(startAtLeast, start + geometry.own) / SAMPLE_RATE,
        blocks: readChunk(chunk, ends),
      };
      const [ended] = ends;
      if (!ended) throw new TypeError('A chunk has to be read to its end before the next one.');
      start = ended.nextStart;
      // Three chunks never share audio.
      startAtLeast = ended.end;
    }
  } finally {
    await buffer.close();
  }
  return buffer.summary ?? { seconds: buffer.to / SAMPLE_RATE };
}

/** Lengths in samples. */
type Geometry = {
  readonly length: number;
  readonly longest: number;
  readonly endSearch: number;
  readonly overlap: number;
  readonly startSearch: number;
  /** From the start of a chunk to where the next one may begin. */
  readonly own: number;
};

function geometryOf({ chunkSeconds, overlapSeconds }: ReadChunksOptions): Geometry {
  const samples = (seconds: number) => Math.round(seconds * SAMPLE_RATE);
  const length = samples(chunkSeconds);
  const endSearch = samples(Math.min(MAX_END_SEARCH_SECONDS, chunkSeconds / 6));
  const overlap = samples(overlapSeconds);
  const startSearch = samples(Math.min(MAX_START_SEARCH_SECONDS, overlapSeconds / 3));
  return {
    length,
    longest: Math.round(length * LONGEST_LAST),
    endSearch,
    overlap,
    startSearch,
    own: length - endSearch - overlap - startSearch,
  };
}

/** Places in samples. */
type Ends = { readonly end: number; readonly nextStart: number | undefined };

type OpenChunk = {
  readonly buffer: ChunkBuffer;
  readonly geometry: Geometry;
  readonly start: number;
  /** The next chunk begins here or later. */
  readonly startAtLeast: number;
  readonly speechIn: ReadChunksOptions['speechIn'];
};

async function* readChunk(
  chunk: OpenChunk,
  ends: Ends[],
): AsyncGenerator<Int16Array, ChunkEnd, void> {
  const { buffer, geometry, start, startAtLeast } = chunk;
  const { length, longest, endSearch, overlap, startSearch, own } = geometry;
  const around = AROUND_SECONDS * SAMPLE_RATE;
  const sure = start + length - endSearch;
  const keptFrom = start + own - around;
  let given = start;
  for await (const block of buffer.blocks(start, sure)) {
    yield block;
    given += block.length;
    buffer.drop(Math.min(given, keptFrom));
  }
  await buffer.fill(start + longest + 1);
  const ended = await endOf();
  yield* buffer.blocks(sure, ended.end);
  buffer.drop(ended.nextStart ?? buffer.to);
  ends.push(ended);
  const { end, nextStart } = ended;
  return {
    end: end / SAMPLE_RATE,
    nextStart: nextStart === undefined ? undefined : nextStart / SAMPLE_RATE,
  };

  async function endOf(): Promise<Ends> {
    if (buffer.to <= start + longest) return { end: buffer.to, nextStart: undefined };
    const full = start + length;
    const end = await cut({ ...chunk, from: sure, to: full, target: full });
    if (overlap === 0) return { end, nextStart: end };
    const from = Math.max(startAtLeast, end - overlap - startSearch);
    const to = Math.max(from, end - overlap + startSearch);
    const target = Math.max(from, end - overlap);
    return { end, nextStart: await cut({ ...chunk, from, to, target }) };
  }
}

/** The place in a range of samples at which to cut. */
async function cut(
  range: Pick<OpenChunk, 'buffer' | 'speechIn'> & { from: number; to: number; target: number },
): Promise<number> {
  const { buffer, speechIn, from, to, target } = range;
  const around = AROUND_SECONDS * SAMPLE_RATE;
  const first = Math.max(buffer.from, from - around);
  const speech = await speechIn(buffer.slice(first, to + around));
  const seconds = (place: number) => (place - first) / SAMPLE_RATE;
  const at = chooseCut(speech, {
    from: seconds(from),
    to: seconds(to),
    target: seconds(target),
  });
  return Math.max(from, Math.min(to, first + Math.round(at * SAMPLE_RATE)));
}

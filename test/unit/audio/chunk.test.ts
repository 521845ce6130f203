import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readChunks } from '#services/audio/chunk.js';
import { chooseCut, type Speech } from '#services/audio/chunk-cut.js';
import type { DecodeSummary } from '#services/audio/types.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';

/** Samples of a step of the made recordings, whose samples hold the number of the step they are in. */
const STEP = SAMPLE_RATE / 10;

type Source = {
  readonly blocks: AsyncGenerator<Int16Array, DecodeSummary, void>;
  /** Seconds handed out so far. */
  read: number;
  ended: boolean;
};

function recording(seconds: number, { failAt = Number.POSITIVE_INFINITY } = {}): Source {
  const source: Source = { blocks: blocks(), read: 0, ended: false };
  return source;

  async function* blocks(): AsyncGenerator<Int16Array, DecodeSummary, void> {
    try {
      for (let at = 0; at < seconds; at += 1) {
        if (at >= failAt) throw new Error('broken');
        source.read = Math.min(seconds, at + 1);
        const block = new Int16Array(Math.round((source.read - at) * SAMPLE_RATE));
        for (let from = 0; from < block.length; from += STEP)
          block.fill((at * SAMPLE_RATE + from) / STEP, from, from + STEP);
        yield block;
      }
      return { seconds };
    } finally {
      source.ended = true;
    }
  }
}

/** Knows what is said where from what the samples hold. */
const hears = (speech: readonly Speech[]) => async (samples: Int16Array) => {
  const [first = 0] = samples;
  const change = samples.findIndex((value) => value !== first);
  const offset = ((first + 1) * STEP - change) / SAMPLE_RATE;
  const total = samples.length / SAMPLE_RATE;
  return speech
    .map(({ start, end }) => ({
      start: Math.max(0, start - offset),
      end: Math.min(total, end - offset),
    }))
    .filter(({ start, end }) => end > start);
};

/** Sentences of four seconds with pauses of one. */
const sentences = (seconds: number): Speech[] =>
  Array.from({ length: Math.ceil(seconds / 5) }, (_, index) => ({
    start: index * 5 + 0.5,
    end: index * 5 + 4.5,
  }));

type Read = { start: number; end: number; nextStart: number | undefined; samples: number };

async function chunksOf(
  source: Source,
  options: { speech?: readonly Speech[]; chunkSeconds?: number; overlapSeconds?: number } = {},
): Promise<Read[]> {
  const { speech = [], chunkSeconds = 60, overlapSeconds = 15 } = options;
  const chunks = readChunks({
    blocks: source.blocks,
    chunkSeconds,
    overlapSeconds,
    speechIn: hears(speech),
  });
  const read: Read[] = [];
  for await (const { index, start, ownUntil, blocks } of chunks) {
    assert.equal(index, read.length);
    let at = Math.round(start * SAMPLE_RATE);
    const first = at;
    for (;;) {
      const { done, value } = await blocks.next();
      if (done) {
        assert.equal(at, Math.round(value.end * SAMPLE_RATE));
        assert.ok(value.nextStart === undefined || value.nextStart >= ownUntil);
        read.push({ start, ...value, samples: at - first });
        break;
      }
      // Every sample is the one that belongs there.
      assert.equal(value[0], Math.floor(at / STEP));
      assert.equal(value.at(-1), Math.floor((at + value.length - 1) / STEP));
      at += value.length;
    }
  }
  return read;
}

/** Where chunks begin and end, without the ends of the recording. */
const edges = (chunks: readonly Read[]) =>
  chunks.flatMap(({ end, nextStart }) => (nextStart === undefined ? [] : [end, nextStart]));

describe('chunks of a recording', () => {
  it('are one while it is not longer than a chunk and a quarter', async () => {
    const chunks = await chunksOf(recording(75), { speech: sentences(75) });
    assert.deepEqual(chunks, [
      { start: 0, end: 75, nextStart: undefined, samples: 75 * SAMPLE_RATE },
    ]);
  });

  it('are never tiny: what is more than a quarter over makes a whole second one', async () => {
    for (const seconds of [75.1, 76, 120, 130, 163, 200]) {
      const chunks = await chunksOf(recording(seconds), { speech: sentences(seconds) });
      assert.ok(chunks.length > 1);
      for (const { start, end } of chunks) assert.ok(end - start >= 15 + 10, `${seconds} s`);
      assert.equal(chunks.at(-1)?.end, seconds);
    }
  });

  it('cover it, are about as long as asked for, and share about the overlap', async () => {
    const chunks = await chunksOf(recording(600), { speech: sentences(600) });
    for (const [index, { start, end, nextStart }] of chunks.entries()) {
      const next = chunks[index + 1];
      assert.equal(next?.start, nextStart);
      if (!next) continue;
      assert.ok(end - start >= 50 && end - start <= 60);
      assert.ok(end - next.start >= 10 && end - next.start <= 20);
    }
  });

  it('begin and end in pauses', async () => {
    const speech = sentences(600);
    const cuts = edges(await chunksOf(recording(600), { speech }));
    assert.ok(cuts.length > 20);
    for (const cut of cuts)
      assert.ok(
        speech.every(({ start, end }) => cut <= start - 0.4 || cut >= end + 0.4),
        `cut at ${cut} s`,
      );
  });

  it('begin and end where they should when nobody ever pauses, or nobody speaks', async () => {
    for (const speech of [[{ start: 0, end: 200 }], []]) {
      const chunks = await chunksOf(recording(200), { speech });
      assert.deepEqual(edges(chunks), [60, 45, 105, 90, 150, 135]);
    }
  });

  it('only meet without an overlap', async () => {
    const speech = sentences(200);
    const chunks = await chunksOf(recording(200), { speech, overlapSeconds: 0 });
    assert.equal(
      chunks.reduce((sum, { samples }) => sum + samples, 0),
      200 * SAMPLE_RATE,
    );
  });

  it('never share audio by three', async () => {
    const speech = sentences(400).filter((_, index) => index % 3 > 0);
    const chunks = await chunksOf(recording(400), {
      speech,
      chunkSeconds: 30,
      overlapSeconds: 15,
    });
    chunks.forEach(({ end }, index) => {
      assert.ok((chunks[index + 2]?.start ?? end) >= end);
    });
  });

  it('hand audio on as it comes, and hold back no more than half of their length', async () => {
    const source = recording(1000);
    const chunks = readChunks({
      blocks: source.blocks,
      chunkSeconds: 60,
      overlapSeconds: 15,
      speechIn: hears(sentences(1000)),
    });
    for await (const { start, blocks } of chunks) {
      let at = start;
      for await (const block of blocks) {
        at += block.length / SAMPLE_RATE;
        assert.ok(source.read - at <= 30, `${source.read} s read at ${at} s`);
        if (start === 0 && at < 50) assert.ok(source.read <= at + 1);
      }
    }
    assert.ok(source.ended);
  });

  it('throw what the decoder throws', async () => {
    const source = recording(300, { failAt: 100 });
    await assert.rejects(chunksOf(source, { speech: sentences(300) }), /broken/);
    assert.ok(source.ended);
  });

  it('end the decoder when the reader leaves', async () => {
    const source = recording(300);
    const options = { chunkSeconds: 60, overlapSeconds: 15, speechIn: hears([]) };
    for await (const { blocks } of readChunks({ blocks: source.blocks, ...options })) {
      await blocks.next();
      break;
    }
    assert.ok(source.ended);
  });
});

describe('the place of a cut', () => {
  const range = { from: 10, to: 20, target: 20 };
  const speech = (...spans: [number, number][]): Speech[] =>
    spans.map(([start, end]) => ({ start, end }));

  it('is the longest pause', () => {
    const at = chooseCut(speech([0, 12], [12.8, 17], [17.3, 30]), range);
    assert.ok(Math.abs(at - 12.4) < 1e-9);
  });

  it('is the nearest to the target of several long pauses', () => {
    const at = chooseCut(speech([0, 11], [13, 15], [16.2, 18], [18.2, 30]), range);
    assert.ok(Math.abs(at - 15.7) < 1e-9);
  });

  it('is the target itself in silence, without any pause, and in a pause around it', () => {
    assert.equal(chooseCut([], range), 20);
    assert.equal(chooseCut(speech([0, 30]), range), 20);
    assert.equal(chooseCut(speech([0, 19], [22, 30]), range), 20);
  });

  it('is never outside of the range, even when the best pause is', () => {
    const at = chooseCut(speech([0, 5], [9.9, 15], [15.1, 20.2], [25, 30]), range);
    assert.ok(at >= 10 && at <= 20);
    assert.ok(Math.abs(at - 15.05) < 1e-9);
  });
});

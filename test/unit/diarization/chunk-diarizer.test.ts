import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { ChunkDiarizer } from '#services/diarization/chunk-diarizer.js';
import { BLOCK_SAMPLES, BLOCK_WINDOWS, HOP_SAMPLES } from '#services/diarization/windows.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { RecordingService } from './recording-service.js';

const NEXT_BLOCK_SAMPLES = BLOCK_WINDOWS * HOP_SAMPLES;

/** Samples that tell where they are from. */
const numbered = (count: number) => Int16Array.from({ length: count }, (_, at) => at % 30_011);

/** Writes all samples in pieces of one size. */
async function write(diarizer: ChunkDiarizer, samples: Int16Array, size: number): Promise<void> {
  for (let at = 0; at < samples.length; at += size)
    await diarizer.write(samples.subarray(at, at + size));
}

/** What was asked for so many samples, written in pieces of one size. */
async function askedFor(count: number, size = 32_000, start = 0) {
  const service = new RecordingService();
  const diarizer = new ChunkDiarizer({ speakers: service, start });
  await write(diarizer, numbered(count), size);
  const tracks = await diarizer.finish();
  return { service, tracks, blocks: service.asked.map(({ block }) => block) };
}

describe('ChunkDiarizer', () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  before(() => process.on('unhandledRejection', note));
  after(async () => {
    await turnOfTheLoop();
    process.off('unhandledRejection', note);
    assert.deepEqual(unhandled, []);
  });

  it('asks for the same blocks whatever the sizes that are written', async () => {
    const count = 2 * NEXT_BLOCK_SAMPLES + BLOCK_SAMPLES + 12_345;
    const { blocks } = await askedFor(count, 32_000, 100);
    assert.deepEqual(
      blocks.map(({ start, firstWindow, last, samples }) => [
        start,
        firstWindow,
        last,
        samples.length,
      ]),
      [0, 1, 2, 3].map((block) => [
        100 + (block * NEXT_BLOCK_SAMPLES) / SAMPLE_RATE,
        block * BLOCK_WINDOWS,
        block === 3,
        block === 3 ? BLOCK_SAMPLES - NEXT_BLOCK_SAMPLES + 12_345 : BLOCK_SAMPLES,
      ]),
    );
    for (const size of [1600, 4097, 600_000, NEXT_BLOCK_SAMPLES, BLOCK_SAMPLES, count])
      assert.deepEqual((await askedFor(count, size, 100)).blocks, blocks, `${size}`);
  });

  it('gives every block the samples at its place', async () => {
    const count = 3 * NEXT_BLOCK_SAMPLES;
    const all = numbered(count);
    const { blocks } = await askedFor(count);
    for (const { firstWindow, samples } of blocks) {
      const begin = firstWindow * HOP_SAMPLES;
      assert.deepEqual(samples, all.subarray(begin, begin + samples.length));
    }
  });

  it('has one last block when there is exactly one block, or less', async () => {
    for (const count of [1, SAMPLE_RATE, BLOCK_SAMPLES - 1, BLOCK_SAMPLES]) {
      const { blocks } = await askedFor(count);
      assert.deepEqual(
        blocks.map(({ last, samples }) => [last, samples.length]),
        [[true, count]],
      );
    }
    const { blocks } = await askedFor(BLOCK_SAMPLES + 1);
    assert.deepEqual(
      blocks.map(({ last }) => last),
      [false, true],
    );
  });

  it('asks for the tracks of all blocks in order, from the start of the chunk to its end', async () => {
    const { service, tracks } = await askedFor(2 * BLOCK_SAMPLES, 32_000, 7);
    assert.deepEqual([tracks.start, tracks.end], [7, 7 + (2 * BLOCK_SAMPLES) / SAMPLE_RATE]);
    assert.equal(service.tracksAsked.length, 1);
    assert.equal(service.tracksAsked[0]?.blocks.length, service.asked.length);
  });

  it('asks for no block of an empty chunk', async () => {
    const { service, blocks, tracks } = await askedFor(0, 32_000, 3);
    assert.deepEqual(blocks, []);
    assert.deepEqual([tracks.start, tracks.end], [3, 3]);
    assert.deepEqual(service.tracksAsked, [{ start: 3, end: 3, blocks: [] }]);
    const empty = new ChunkDiarizer({ speakers: service, start: 3 });
    await empty.write(new Int16Array(0));
    await empty.finish();
    assert.equal(service.asked.length, 0);
  });

  for (const hosts of [1, 2, 4]) {
    for (const size of [32_000, 30 * NEXT_BLOCK_SAMPLES]) {
      it(`has at most ${hosts + 1} blocks without an answer with ${hosts} hosts, ${size} samples written at once`, async () => {
        const service = new RecordingService({ hosts, atOnce: false });
        const diarizer = new ChunkDiarizer({ speakers: service, start: 0 });
        const written = write(diarizer, new Int16Array(12 * NEXT_BLOCK_SAMPLES), size).then(() =>
          diarizer.finish(),
        );
        let answered = 0;
        let waitedForAnswers = 0;
        while (answered < 12) {
          await settled();
          waitedForAnswers = Math.max(waitedForAnswers, service.unanswered);
          service.asked[answered++]?.answer();
        }
        await written;
        assert.equal(service.asked.length, 12);
        // All hosts have work, and one block waits for the first that is free.
        assert.equal(waitedForAnswers, hosts + 1);
        assert.equal(service.mostUnanswered, hosts + 1);
      });
    }
  }

  it('rejects a later write when a block failed', async () => {
    const service = new RecordingService({ atOnce: false });
    const diarizer = new ChunkDiarizer({ speakers: service, start: 0 });
    const failure = new Error('The host died.');
    const written = write(diarizer, new Int16Array(6 * NEXT_BLOCK_SAMPLES), 32_000);
    await settled();
    service.asked[0]?.fail(failure);
    await assert.rejects(written, failure);
    await settled();
    service.asked.at(-1)?.answer();
    await assert.rejects(diarizer.finish(), failure);
  });

  it('rejects when it is finished if a block failed that no write waited for', async () => {
    const service = new RecordingService({ atOnce: false });
    const diarizer = new ChunkDiarizer({ speakers: service, start: 0 });
    await write(diarizer, new Int16Array(BLOCK_SAMPLES + 1), 32_000);
    const failure = new Error('The host died.');
    service.asked[0]?.fail(failure);
    await settled();
    const finished = diarizer.finish();
    await assert.rejects(finished, failure);
    service.asked[1]?.fail(new Error('The other host died as well.'));
    await settled();
    assert.equal(service.tracksAsked.length, 0);
  });

  it('fails without a trace when nobody asks any more', async () => {
    const service = new RecordingService({ atOnce: false });
    const diarizer = new ChunkDiarizer({ speakers: service, start: 0 });
    await write(diarizer, new Int16Array(BLOCK_SAMPLES + 1), 32_000);
    service.asked[0]?.fail(new Error('The host died.'));
    await settled();
    assert.deepEqual(unhandled, []);
  });

  it('hands its signal on, and rejects with its reason', async () => {
    const service = new RecordingService({ atOnce: false });
    const controller = new AbortController();
    const diarizer = new ChunkDiarizer({ speakers: service, start: 0, signal: controller.signal });
    await write(diarizer, new Int16Array(BLOCK_SAMPLES + 1), 32_000);
    assert.equal(service.asked[0]?.signal, controller.signal);
    const finished = diarizer.finish();
    controller.abort(new Error('Enough.'));
    await assert.rejects(finished, /Enough/);
  });

  it('tells progress that never goes back, though answers come in another order, up to the end of the chunk', async () => {
    const service = new RecordingService({ hosts: 3, atOnce: false });
    const told: number[] = [];
    const diarizer = new ChunkDiarizer({
      speakers: service,
      start: 10,
      onProgress: (seconds) => told.push(seconds),
    });
    await write(diarizer, new Int16Array(3 * NEXT_BLOCK_SAMPLES + BLOCK_SAMPLES - 1), 32_000);
    const finished = diarizer.finish();
    for (const block of [1, 0, 2, 3]) {
      service.asked[block]?.answer();
      await settled();
    }
    const { end } = await finished;
    assert.deepEqual(
      told,
      [...new Set(told)].sort((one, other) => one - other),
    );
    assert.equal(told.at(-1), end);
  });
});

/** Lets everything that can go on go on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await turnOfTheLoop();
}

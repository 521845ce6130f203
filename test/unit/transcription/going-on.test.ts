import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import type { ChunkResult } from '#services/transcription/chunk-result.js';
import { mergeChunks } from '#services/transcription/merge-chunks.js';
import { transcribe } from '#services/transcription/pipeline.js';
import { transcribeChunk } from '#services/transcription/transcribe-chunk.js';
import type { PipelineEvent, TranscribeRequest } from '#services/transcription/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import { joinSamples } from '#utils/signal/pcm.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import { fixture } from '../../support/paths.js';

/** What a run told, by kind. */
type Told = {
  readonly chunks: readonly ChunkResult[];
  readonly segments: readonly Segment[];
  readonly transcript: Transcript;
};

/** Of lengths that have nothing to do with those of the decoder. */
async function* blocksOf(samples: Int16Array): AsyncGenerator<Int16Array, void, void> {
  for (let at = 0; at < samples.length; at += 7000) yield samples.slice(at, at + 7000);
}

async function decodeAll(blocks: AsyncGenerator<Int16Array, unknown, void>): Promise<Int16Array> {
  const all: Int16Array[] = [];
  for await (const block of blocks) all.push(block);
  return joinSamples(all);
}

describe('going on after chunks of an earlier run', () => {
  let runtime: Runtime;
  before(async () => {
    runtime = createRuntime({ settings: loadSettings({}), logger: silentLogger });
    await runtime.manager.start();
  });
  after(() => runtime.dispose());

  /** In chunks of about 12 s that share 2. */
  async function run(
    request: Omit<TranscribeRequest, 'chunks'>,
    done: readonly ChunkResult[],
  ): Promise<Told> {
    const events: PipelineEvent[] = [];
    const work = transcribe(
      { ...request, chunks: { done } },
      {
        decoder: runtime.decoder,
        speech: runtime.manager.speech(),
        speakers: runtime.manager.speakers(),
        chunkSeconds: 12,
        chunkOverlapSeconds: 2,
      },
    );
    for await (const event of work) events.push(event);
    const last = events.at(-1);
    assert.equal(last?.type, 'done');
    return {
      chunks: events.flatMap((event) => (event.type === 'chunk' ? [event.chunk] : [])),
      segments: events.flatMap((event) => (event.type === 'segment' ? [event.segment] : [])),
      transcript: last.transcript,
    };
  }

  const recordings: Record<string, Omit<TranscribeRequest, 'chunks'>> = {
    'without speakers': { path: fixture('two-speakers-clean') },
    'with speakers': { path: fixture('two-speakers-clean'), speakers: {} },
    'with a speaker on each channel': { path: fixture('two-channels-short'), channels: {} },
  };
  for (const [name, request] of Object.entries(recordings)) {
    it(`gives the transcript of an undisturbed run, ${name}, at the first chunk, in the middle and at the end`, async () => {
      const whole = await run(request, []);
      assert.ok(whole.chunks.length >= 2, `${whole.chunks.length} chunks`);
      const { length } = whole.chunks;
      for (const count of new Set([1, Math.ceil(length / 2), length])) {
        const resumed = await run(request, whole.chunks.slice(0, count));
        assert.deepEqual(resumed.transcript, whole.transcript, `after ${count} chunks`);
        assert.deepEqual(resumed.segments, whole.segments, `after ${count} chunks`);
        // What was done is not done again.
        assert.deepEqual(resumed.chunks, whole.chunks.slice(count), `after ${count} chunks`);
      }
    });
  }

  for (const [name, request] of Object.entries(recordings)) {
    it(`gives the same transcript from chunks that were worked on one by one, ${name}`, async () => {
      const whole = await run(request, []);
      const { decoder, manager } = runtime;
      const { signal } = new AbortController();
      const hasSpeakers = request.speakers !== undefined;
      const results = await Promise.all(
        whole.chunks.map(async (chunk) => {
          const { windows: _, tracks: __, ...place } = chunk;
          const channel = { 0: 'left', 1: 'right' } as const;
          const samples = await decodeAll(
            decoder.decode(request.path, {
              ...(place.channel !== undefined && { channel: channel[place.channel] }),
            }),
          );
          const blocks = blocksOf(samples.subarray(place.start * 16_000, place.end * 16_000));
          const work = { place, blocks, hints: {}, hasSpeakers, signal };
          return transcribeChunk(work, { speech: manager.speech(), speakers: manager.speakers() });
        }),
      );
      assert.deepEqual(results, whole.chunks);
      const speakers = manager.speakers();
      const merged = await mergeChunks(results, { request, known: [], speakers, signal });
      assert.deepEqual(merged, whole.transcript);
    });
  }

  it('tells chunks only to whom asks for them', async () => {
    const work = transcribe(
      { path: fixture('two-speakers-clean') },
      {
        decoder: runtime.decoder,
        speech: runtime.manager.speech(),
        speakers: runtime.manager.speakers(),
        chunkSeconds: 12,
        chunkOverlapSeconds: 2,
      },
    );
    for await (const { type } of work) assert.notEqual(type, 'chunk');
  });
});

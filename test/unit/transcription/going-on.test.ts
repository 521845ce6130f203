import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import type { ChunkResult } from '#services/transcription/chunk-result.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { PipelineEvent, TranscribeRequest } from '#services/transcription/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import { fixture } from '../../support/paths.js';

/** What a run told, by kind. */
type Told = {
  readonly chunks: readonly ChunkResult[];
  readonly segments: readonly Segment[];
  readonly transcript: Transcript;
};

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

  const recordings = {
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

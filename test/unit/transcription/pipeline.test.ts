import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { PipelineEvent, TranscribeRequest } from '#services/transcription/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import { fixture } from '../../support/paths.js';

const path = fixture('two-speakers-clean');

describe('the pipeline', () => {
  let runtime: Runtime;
  before(async () => {
    const settings = loadSettings({ ASR_HOSTS: '1' });
    runtime = createRuntime({ settings, logger: silentLogger });
    await runtime.manager.start();
  });
  after(() => runtime.dispose());

  const run = (request: TranscribeRequest, chunkSeconds = 600) =>
    transcribe(request, {
      decoder: runtime.decoder,
      speech: runtime.manager.speech(),
      speakers: runtime.manager.speakers(),
      chunkSeconds,
      chunkOverlapSeconds: 0,
    });
  const collect = async (request: TranscribeRequest, chunkSeconds?: number) => {
    const events: PipelineEvent[] = [];
    for await (const event of run(request, chunkSeconds)) events.push(event);
    return events;
  };
  const transcriptOf = (events: readonly PipelineEvent[]) => {
    const last = events.at(-1);
    assert.equal(last?.type, 'done');
    return last.transcript;
  };

  it('tells segments in order, progress that grows, and the transcript last', async () => {
    const events = await collect({ path }, 20);
    const transcript = transcriptOf(events);
    const segments = events.flatMap((event) => (event.type === 'segment' ? [event.segment] : []));
    assert.deepEqual(segments, transcript.segments);
    assert.deepEqual(
      segments.map(({ id }) => id),
      segments.map((_, index) => index),
    );
    const progress = events.flatMap((event) =>
      event.type === 'progress' ? [event.audioSeconds] : [],
    );
    assert.ok(progress.length >= 3, 'a progress event for each window');
    assert.deepEqual(
      progress,
      [...progress].sort((one, other) => one - other),
    );
    assert.ok(Math.abs((progress.at(-1) ?? 0) - transcript.duration) < 0.01);
    assert.ok(Math.abs(transcript.duration - 54.991) < 0.01);
    assert.equal(transcript.language, 'en');
  });

  it('loses and doubles no word where windows meet', async () => {
    const words = async (seconds: number) =>
      transcriptOf(await collect({ path }, seconds))
        .text.toLowerCase()
        .replace(/[^a-z' ]/g, '')
        .split(' ').length;
    const whole = await words(600);
    assert.ok(Math.abs((await words(9)) - whole) <= 2);
  });

  it('stops everything when the reader leaves', async () => {
    for await (const event of run({ path })) {
      assert.equal(event.type, 'segment');
      break;
    }
    // The next recording is served as if nothing had been.
    assert.match(transcriptOf(await collect({ path })).text, /^We spent less on travel/);
  });

  it('throws the reason of an abort, before and during the work', async () => {
    const reason = new Error('enough');
    await assert.rejects(collect({ path, signal: AbortSignal.abort(reason) }), reason);
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 100);
    await assert.rejects(collect({ path, signal: controller.signal }), reason);
  });

  it('throws what the decoder says of a file that is no audio', async () => {
    await assert.rejects(
      collect({ path: fixture('two-speakers-clean', 'json') }),
      (error: unknown) => error instanceof WhosaidError && error.status === 400,
    );
  });
});

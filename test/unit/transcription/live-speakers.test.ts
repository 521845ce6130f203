import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { LiveSpeakers } from '#services/transcription/live-speakers.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { PipelineEvent, TranscribeRequest } from '#services/transcription/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Segment } from '#utils/transcript/types.js';
import { fixture } from '../../support/paths.js';
import { segment, turn, words } from '../attribution/spoken.js';

/** 104 s long. */
const path = fixture('three-speakers-reverb');

/** Says for every part of a recording that the same two speak. */
const speakers = {
  identify: async () => ({
    speakers: [{ embedding: new Float32Array(1) }, { embedding: new Float32Array(1) }],
    turns: [turn(0, 0, 2.9), turn(1, 2.9, 9), turn(0, 9, 200)],
  }),
};
const diarizer = { until: 1000, tracks: async () => [], tracksUntil: async () => [] };

describe('live speakers', () => {
  const segments = [
    segment(0, words('so I think well', 0, 4)),
    segment(1, words('yes of course you do', 4, 9)),
    segment(2, words('then it is settled and we go on', 9.5, 90)),
    segment(3, words('now', 91, 92)),
  ];

  /** Everything that is told when so many segments are known at a time. */
  const toldInBatches = async (size: number) => {
    const { signal } = new AbortController();
    const live = new LiveSpeakers({ diarizer, speakers, known: [], count: undefined, signal });
    const told: Segment[] = [];
    for (let first = 0; first < segments.length; first += size) {
      live.add(segments.slice(first, first + size));
      for (;;) {
        told.push(...live.take());
        if (!live.identified) break;
        await live.identified;
      }
    }
    const transcript = { language: 'en', languages: ['en'], duration: 92, text: '', segments: [] };
    const finished = await live.finish(transcript);
    return [...told, ...finished.rest].map(({ speaker, text }) => `${speaker}: ${text}`);
  };

  it('are the same however many segments are recognised at a time', async () => {
    const together = await toldInBatches(segments.length);
    assert.deepEqual(together.slice(0, 2), ['A: so I think', 'B: well']);
    for (const size of [1, 2, 3]) assert.deepEqual(await toldInBatches(size), together);
  });
});

describe('the pipeline with speakers, live', () => {
  let runtime: Runtime;
  let events: PipelineEvent[];
  const collect = async (request: Partial<TranscribeRequest>, chunkSeconds = 600) => {
    const collected: PipelineEvent[] = [];
    for await (const event of transcribe(
      { path, speakers: {}, live: true, ...request },
      {
        decoder: runtime.decoder,
        speech: runtime.manager.speech(),
        speakers: runtime.manager.speakers(),
        chunkSeconds,
        chunkOverlapSeconds: 10,
      },
    ))
      collected.push(event);
    return collected;
  };
  before(async () => {
    runtime = createRuntime({ settings: loadSettings(), logger: silentLogger });
    await runtime.manager.start();
    events = await collect({});
  });
  after(() => runtime.dispose());

  const segmentsOf = (all: readonly PipelineEvent[]) =>
    all.flatMap((event) => (event.type === 'segment' ? [event.segment] : []));
  const transcriptOf = (all: readonly PipelineEvent[]) => {
    const last = all.at(-1);
    assert.equal(last?.type, 'done');
    return last.transcript;
  };

  it('tells segments with their speaker', () => {
    for (const { speaker, words } of segmentsOf(events)) {
      assert.ok(speaker !== undefined);
      for (const word of words) assert.equal(word.speaker, speaker);
    }
  });

  it('takes nothing back: the transcript is what was told', () => {
    const { segments, text, speakers, turns } = transcriptOf(events);
    assert.deepEqual(segments, segmentsOf(events));
    assert.deepEqual(
      segments.map(({ id }) => id),
      segments.map((_, index) => index),
    );
    assert.equal(text, segments.map((segment) => segment.text).join(' '));
    assert.deepEqual(
      speakers?.map(({ name }) => name),
      ['A', 'B', 'C'],
    );
    for (const { seconds } of speakers ?? []) assert.ok(seconds > 5);
    for (const { speaker } of turns ?? []) assert.ok('ABC'.includes(speaker));
  });

  it('says the same when recognition is slower, and says it while that goes on', async () => {
    const speech = runtime.manager.speech();
    let calls = 0;
    const slow = {
      ...speech,
      recognise: async (...call: Parameters<typeof speech.recognise>) => {
        // The beginning is recognised at once, the rest after the first look at who speaks.
        if (calls++ > 0) await new Promise((resolve) => setTimeout(resolve, 3000));
        return speech.recognise(...call);
      },
    };
    const again: PipelineEvent[] = [];
    for await (const event of transcribe(
      { path, speakers: {}, live: true },
      {
        decoder: runtime.decoder,
        speech: slow,
        speakers: runtime.manager.speakers(),
        chunkSeconds: 600,
        chunkOverlapSeconds: 10,
      },
    ))
      again.push(event);
    assert.deepEqual(segmentsOf(again), segmentsOf(events));
    const kinds = again.map(({ type }) => type);
    assert.ok(kinds.indexOf('segment') < kinds.lastIndexOf('progress'));
  });

  it('keeps names over the chunks of a recording', async () => {
    const chunked = transcriptOf(await collect({}, 40));
    assert.deepEqual(
      chunked.speakers?.map(({ name }) => name),
      ['A', 'B', 'C'],
    );
  });

  it('has exactly as many speakers in the end as a request says', async () => {
    const { speakers } = transcriptOf(await collect({ speakers: { count: { min: 2, max: 2 } } }));
    assert.equal(speakers?.length, 2);
  });
});

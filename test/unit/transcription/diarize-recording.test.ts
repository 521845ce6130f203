import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { describe, it } from 'node:test';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { RecordingDiarizer } from '#services/transcription/diarize-recording.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import { RecordingService } from '../diarization/recording-service.js';

/** A chunk of silence, a second at a time. */
async function* secondsOf(count: number): AsyncGenerator<Int16Array, string, void> {
  for (let second = 0; second < count; second++) yield new Int16Array(SAMPLE_RATE);
  return 'the end';
}

function listenTo(service: RecordingService) {
  const failures: unknown[] = [];
  const { signal } = new AbortController();
  setMaxListeners(0, signal); // as the pipeline does
  const onFailure = (error: unknown) => failures.push(error);
  return { diarizer: new RecordingDiarizer({ speakers: service, signal, onFailure }), failures };
}

/** Reads a chunk and says how many seconds of it have come so far. */
function reader(blocks: AsyncGenerator<Int16Array, string, void>) {
  const state = { seconds: 0 };
  const all = (async () => {
    for (;;) {
      const { done, value } = await blocks.next();
      if (done) return value;
      state.seconds += value.length / SAMPLE_RATE;
    }
  })();
  return { state, all };
}

/** Lets everything that can go on go on. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 2000; turn++) await turnOfTheLoop();
}

describe('the diarizer of a recording', () => {
  it('hands on every block and what the chunk returns', async () => {
    const { diarizer } = listenTo(new RecordingService());
    const { state, all } = reader(diarizer.listen(0, secondsOf(70)));
    assert.equal(await all, 'the end');
    assert.equal(state.seconds, 70);
    assert.deepEqual(
      (await diarizer.tracks()).map(({ start, end }) => [start, end]),
      [[0, 70]],
    );
    assert.equal(diarizer.until, 70);
  });

  it('tells no progress of a chunk before the one before it is done', async () => {
    const service = new RecordingService({ atOnce: false });
    const { diarizer } = listenTo(service);
    await reader(diarizer.listen(0, secondsOf(40))).all;
    await reader(diarizer.listen(35, secondsOf(40))).all;
    await settled();
    const asked = (start: number) => service.asked.find(({ block }) => block.start === start);
    asked(35)?.answer();
    await settled();
    assert.equal(diarizer.until, 0);
    asked(0)?.answer();
    await settled();
    assert.equal(diarizer.until, 20);
    asked(20)?.answer();
    await settled();
    assert.equal(diarizer.until, 55);
    asked(55)?.answer();
    await diarizer.tracks();
    assert.equal(diarizer.until, 75);
  });

  it('has the recording wait when four minutes wait for the models', async () => {
    const service = new RecordingService({ atOnce: false });
    const { diarizer } = listenTo(service);
    const { state, all } = reader(diarizer.listen(0, secondsOf(400)));
    await settled();
    const before = state.seconds;
    assert.ok(before >= 240 && before < 320, `${before} s were read`);
    let next = 0;
    const done = all.then(() => diarizer.tracks());
    while (diarizer.until < 400) {
      service.asked[next++]?.answer();
      await turnOfTheLoop();
    }
    await done;
    assert.equal(state.seconds, 400);
  });

  it('ends a reader that waits when a block fails, and says so once it is known', async () => {
    const service = new RecordingService({ atOnce: false });
    const { diarizer, failures } = listenTo(service);
    const { all } = reader(diarizer.listen(0, secondsOf(400)));
    await settled();
    const failure = new Error('The host died.');
    service.asked[0]?.fail(failure);
    await assert.rejects(all, failure);
    assert.equal(failures[0], failure);
    await diarizer.settled();
  });

  it('reads no third chunk before the first is done', async () => {
    const service = new RecordingService({ atOnce: false });
    const { diarizer } = listenTo(service);
    for (const start of [0, 20]) await reader(diarizer.listen(start, secondsOf(20))).all;
    const { state, all } = reader(diarizer.listen(40, secondsOf(20)));
    await settled();
    assert.equal(state.seconds, 0);
    service.asked[0]?.answer();
    await all;
    assert.equal(state.seconds, 20);
    await settled();
    for (const { answer } of service.asked.slice(1)) answer();
    assert.equal((await diarizer.tracks()).length, 3);
  });
});

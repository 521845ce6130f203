import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { createLiveTranscription } from '#services/live/live-transcription.js';
import type { LiveEvent } from '#services/live/types.js';
import { loadCatalogue } from '#services/model-manager/catalogue.js';
import { ModelManager } from '#services/model-manager/model-manager.js';
import { createModelStore } from '#services/model-manager/store.js';
import { silentLogger } from '#utils/logging/logger.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { eventually } from '../support/processes.js';

const turnDetection = { threshold: 0.5, prefixPaddingSeconds: 0.3, silenceSeconds: 0.2 };
const samples = fixturePcm('two-speakers-clean').subarray(0, 17 * SAMPLE_RATE);
let manager: ModelManager;

before(async () => {
  const catalogue = loadCatalogue(join(projectRoot, 'models', 'catalogue.json'));
  manager = new ModelManager({
    catalogue,
    store: createModelStore({ catalogue, modelsDir: loadSettings().modelsDir }),
    logger: silentLogger,
    defaultModel: 'moonshine-base-en',
    hosts: 2,
    threads: 1,
    tempDir: tmpdir(),
    speakers: { mode: 'auto', hosts: 1, threads: 1 },
    supervision: { restartPauseMs: 50 },
  });
  await manager.start();
});
after(() => manager.dispose());

type HearOptions = {
  readonly pieceSamples?: number;
  readonly withSpeakers?: boolean;
  /** Nothing is read before it was said: the text does not depend on how fast the machine is. */
  readonly withoutGuesses?: boolean;
  /** Called with every event. */
  readonly onEvent?: (event: LiveEvent) => void;
};

/** All that a session tells about the sound; the next piece comes when the last one was listened to. */
async function hear(options: HearOptions = {}) {
  const { pieceSamples = 1600, withSpeakers = false, withoutGuesses = false, onEvent } = options;
  const speech = manager.speech();
  const live = createLiveTranscription({
    speech: withoutGuesses ? { ...speech, places: 1, freePlaces: 0 } : speech,
    speakers: manager.speakers(),
    settings: { turnDetection, recognise: {}, ...(withSpeakers && { speakers: { known: [] } }) },
  });
  const events: LiveEvent[] = [];
  const read = (async () => {
    for await (const event of live.events) {
      events.push(event);
      onEvent?.(event);
    }
  })();
  for (let at = 0; at < samples.length; at += pieceSamples) {
    live.append(samples.subarray(at, at + pieceSamples));
    await eventually('it keeps up', () => live.behindSeconds < 0.4, 60_000);
  }
  await live.finish();
  await read;
  return events;
}

function ofType<Type extends LiveEvent['type']>(events: readonly LiveEvent[], type: Type) {
  return events.filter((event): event is Extract<LiveEvent, { type: Type }> => event.type === type);
}

const completedIn = (events: readonly LiveEvent[]) => ofType(events, 'completed');

describe('a live transcription with the real models', () => {
  it('finds speech where it is found in the whole recording, to 50 ms, whatever the pieces', async () => {
    const spans = (await manager.speech().detect(samples)).filter(({ end }) => end < 16.5);
    assert.ok(spans.length >= 4);
    for (const pieceSamples of [517, 16_000]) {
      const events = await hear({ pieceSamples });
      const starts = ofType(events, 'speech-started');
      const ends = ofType(events, 'speech-stopped');
      for (const [index, { start, end }] of spans.entries()) {
        const before = ends[index - 1]?.end ?? 0;
        const begin = Math.max(before, start - 0.3);
        assert.ok(Math.abs((starts[index]?.start ?? 0) - begin) <= 0.05, `start ${start}`);
        assert.ok(Math.abs((ends[index]?.end ?? 0) - end - 0.2) <= 0.06, `end ${end}`);
      }
    }
  });

  it('tells text while it is spoken, and who said it before it is complete', async () => {
    const events = await hear({ withSpeakers: true });
    const completed = completedIn(events);
    const text = completed.map((event) => event.text).join(' ');
    assert.match(text, /spent less on travel/);
    assert.match(text, /vibration test/);
    for (const { utterance, text: whole, words } of completed) {
      const own = events.filter((event) => event.utterance === utterance);
      const deltas = ofType(own, 'delta').map((event) => event.text);
      const segments = ofType(own, 'segment');
      assert.equal(deltas.join(''), whole);
      assert.equal(segments.map((event) => event.text).join(' '), whole);
      assert.equal(words.map((word) => word.text).join(' '), whole);
      assert.equal(own.at(-1)?.type, 'completed');
      assert.ok(
        words.every(({ speaker }) => segments.some((segment) => segment.speaker === speaker)),
      );
    }
    const speakers = ofType(events, 'segment').map(({ speaker }) => speaker);
    assert.equal(speakers[0], 'A');
    assert.deepEqual([...new Set(speakers)], ['A', 'B']);
    assert.equal(speakers.at(-1), 'A');
  });

  it('gives the same text when engines are killed while they work on it', async () => {
    const withoutGuesses = true;
    const expected = completedIn(await hear({ withoutGuesses })).map(({ text }) => text);
    let kills = 0;
    const events = await hear({
      withoutGuesses,
      onEvent: ({ type }) => {
        const busy = manager.state().hosts.find(({ state }) => state === 'busy');
        if (type !== 'committed' || kills >= 2 || busy?.pid === undefined) return;
        kills += 1;
        process.kill(busy.pid, 'SIGKILL');
      },
    });
    assert.ok(kills > 0);
    assert.equal(ofType(events, 'failed').length, 0);
    assert.deepEqual(
      completedIn(events).map(({ text }) => text),
      expected,
    );
  });

  it('knows a voice by its name from its first words', async () => {
    const alice = await manager
      .speakers()
      .sample(samples.subarray(9.2 * SAMPLE_RATE, 12.6 * SAMPLE_RATE));
    const embedding = alice.embedding as Float32Array;
    const live = createLiveTranscription({
      speech: manager.speech(),
      speakers: manager.speakers(),
      settings: {
        turnDetection,
        recognise: {},
        speakers: { known: [{ name: 'Alice', embedding }] },
      },
    });
    live.append(samples.subarray(0, 9 * SAMPLE_RATE));
    const finished = live.finish();
    const speakers: string[] = [];
    for await (const event of live.events)
      if (event.type === 'segment') speakers.push(event.speaker);
    await finished;
    assert.deepEqual([...new Set(speakers)], ['Alice', 'A']);
  });
});

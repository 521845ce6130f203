import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SAMPLE_RATE, type SpeechService, type SpeechSpan } from '#services/asr/types.js';
import { type AudioWindow, readWindows } from '#services/transcription/read-windows.js';

/** Every sample of a fake recording says which second it belongs to, so that a fake detector knows where it is. */
async function* recordingOf(totalSeconds: number): AsyncGenerator<Int16Array, number, void> {
  for (let second = 0; second < totalSeconds; second++)
    yield new Int16Array(SAMPLE_RATE).fill(second);
  return totalSeconds;
}

/** Finds what of `speech` (seconds of the recording) lies in the samples it is given. */
function detectorOf(speech: readonly (readonly [number, number])[]): SpeechService {
  return {
    batchSize: 8,
    async detect(samples): Promise<SpeechSpan[]> {
      const first = samples[0] ?? 0;
      const next = samples.findIndex((second) => second !== first);
      const offset = first + 1 - (next < 0 ? samples.length : next) / SAMPLE_RATE;
      const total = samples.length / SAMPLE_RATE;
      return speech
        .map(([from, to]) => ({
          start: Math.max(0, from - offset),
          end: Math.min(total, to - offset),
          probability: 0.9,
        }))
        .filter(({ start, end }) => end - start > 0.1);
    },
    listen: () => Promise.reject(new Error('not asked here')),
    places: 1,
    freePlaces: 0,
    detectLanguage: async () => ({ language: 'en' }),
    recognise: async () => [],
  };
}

async function windowsOf(options: {
  totalSeconds: number;
  speech: readonly (readonly [number, number])[];
  windowSeconds?: number;
}): Promise<AudioWindow[]> {
  const windows: AudioWindow[] = [];
  for await (const window of readWindows({
    blocks: recordingOf(options.totalSeconds),
    start: 0,
    speech: detectorOf(options.speech),
    windowSeconds: options.windowSeconds ?? 120,
    signal: new AbortController().signal,
  }))
    windows.push(window);
  return windows;
}

/** Where windows meet, without the ends of the recording. */
const seams = (windows: readonly AudioWindow[]) => windows.slice(0, -1).map(({ end }) => end);

describe('windows of a recording', () => {
  it('cover it without a gap, and grow from a short first one', async () => {
    const speech = Array.from(
      { length: 50 },
      (_, index) => [index * 6 + 1, index * 6 + 5] as const,
    );
    const windows = await windowsOf({ totalSeconds: 300, speech });
    assert.equal(windows[0]?.start, 0);
    assert.ok((windows[0]?.end ?? 99) <= 15);
    for (const [index, window] of windows.entries()) {
      assert.ok(window.samples.length >= Math.round((window.end - window.start) * SAMPLE_RATE));
      if (index > 0) assert.equal(window.start, windows[index - 1]?.end);
    }
    assert.equal(windows.at(-1)?.end, 300);
    const found = windows.flatMap(({ segments }) => segments);
    assert.equal(found.length, speech.length);
  });

  it('begin with a longer one where somebody speaks through the whole short one', async () => {
    // Short pauses only, which join to one segment, and no pause at 15 s.
    const speech = [
      [0, 6],
      [6.3, 14],
      [14.3, 22],
      [23, 40],
    ] as const;
    const windows = await windowsOf({ totalSeconds: 60, speech });
    for (const seam of seams(windows)) {
      assert.ok(!speech.some(([from, to]) => seam > from && seam < to), `cut at ${seam} s`);
    }
    assert.equal(windows.at(-1)?.end, 60);
  });

  it('are cut all the same when no pause comes within the longest window', async () => {
    const windows = await windowsOf({ totalSeconds: 40, speech: [[0, 40]], windowSeconds: 10 });
    assert.deepEqual(seams(windows), [10, 20, 30]);
  });

  it('hold silence as they hold speech', async () => {
    const windows = await windowsOf({ totalSeconds: 50, speech: [] });
    assert.deepEqual(seams(windows), [15, 45]);
    assert.ok(windows.every(({ segments }) => segments.length === 0));
  });
});

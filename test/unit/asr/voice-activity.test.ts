import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { HEARING_FRAME, type HearingMemory, type SpeechDetector } from '#services/asr/types.js';
import { createSileroDetector } from '#services/asr/vad/silero.js';
import { findSpans } from '#services/asr/vad/spans.js';
import { fixturePcm } from '../../support/fixture-pcm.js';

describe('findSpans', () => {
  const options = { frameSeconds: 0.1, totalSeconds: 100, minSilenceSeconds: 0.2 };
  const spans = (probabilities: readonly number[], more = {}) =>
    findSpans(Float32Array.from(probabilities), { ...options, ...more }).map(({ start, end }) => [
      Number(start.toFixed(3)),
      Number(end.toFixed(3)),
    ]);

  it('opens at one threshold and closes below the other for long enough', () => {
    assert.deepEqual(spans([0, 0.9, 0.4, 0.9, 0.2, 0.9, 0.1, 0.1, 0.1, 0.9]), [
      [0.1, 0.6],
      [0.9, 1],
    ]);
  });

  it('drops clicks and ends with the audio', () => {
    const minSpeechSeconds = 0.2;
    assert.deepEqual(
      spans([0.9, 0, 0, 0, 0.9, 0.9, 0.9], { minSpeechSeconds, totalSeconds: 0.65 }),
      [[0.4, 0.65]],
    );
  });

  it('cuts long speech where it is least likely speech', () => {
    const probabilities = new Array<number>(100).fill(0.9);
    probabilities.fill(0.5, 55, 60);
    const [first, second] = spans(probabilities, { maxSpeechSeconds: 8 });
    assert.ok(first && second);
    assert.ok((first[1] ?? 0) >= 5.4 && (first[1] ?? 0) <= 6.1, `cut at ${first[1]}`);
    assert.equal(first[1], second[0]);
  });

  it('finds nothing in nothing', () => {
    assert.deepEqual(spans([]), []);
  });
});

describe('the silero detector', () => {
  let detector: SpeechDetector;
  before(async () => {
    const modelPath = join(loadSettings().modelsDir, 'silero-vad', 'silero_vad_v6.onnx');
    detector = await createSileroDetector({ modelPath, threads: 1 });
  });
  after(() => detector.dispose());

  it('finds the turns of a conversation', async () => {
    const spans = await detector.detect(fixturePcm('two-speakers-clean'));
    assert.ok(spans.length >= 10);
    assert.ok(Math.abs((spans[0]?.start ?? 0) - 0.756) < 0.15, `first at ${spans[0]?.start}`);
    for (const { probability } of spans) assert.ok(probability > 0.5 && probability <= 1);
  });

  it('finds the same speech whether a lane boundary lies before it or far away', async () => {
    const pcm = fixturePcm('two-speakers-clean');
    const laneSamples = 940 * 512;
    const near = (await detector.detect(pcm)).filter(({ start }) => start > 31);
    // Seven seconds later, on the same grid of frames, the boundary lies elsewhere in the same speech.
    const shift = 220 * 512;
    const shifted = new Int16Array(pcm.length + shift);
    shifted.set(pcm, shift);
    const far = (await detector.detect(shifted)).filter(({ start }) => start > 31 + shift / 16_000);
    assert.ok(laneSamples < pcm.length, 'the recording has two lanes');
    assert.deepEqual(
      near.map(({ start, end }) => [start.toFixed(2), end.toFixed(2)]),
      far.map(({ start, end }) => [
        (start - shift / 16_000).toFixed(2),
        (end - shift / 16_000).toFixed(2),
      ]),
    );
  });

  it('hears the same in sound while it is being made, however it is cut', async () => {
    const samples = fixturePcm('two-speakers-clean').subarray(0, 250 * HEARING_FRAME);
    const { probabilities: whole } = await detector.listen({ samples });
    assert.equal(whole.length, 250);
    const inPieces: number[] = [];
    let memory: HearingMemory | undefined;
    for (let frame = 0, count = 1; frame < 250; frame += count, count = (count * 3) % 7 || 1) {
      const piece = samples.subarray(frame * HEARING_FRAME, (frame + count) * HEARING_FRAME);
      const heard = await detector.listen({ samples: piece, ...(memory && { memory }) });
      inPieces.push(...heard.probabilities);
      memory = heard.memory;
    }
    assert.deepEqual(inPieces, [...whole]);
    await assert.rejects(detector.listen({ samples: samples.subarray(1) }), RangeError);
  });

  it('finds no speech in silence, in nothing, or after being told to stop', async () => {
    assert.deepEqual(await detector.detect(new Int16Array(32_000)), []);
    assert.deepEqual(await detector.detect(new Int16Array(0)), []);
    const signal = AbortSignal.abort();
    await assert.rejects(detector.detect(new Int16Array(32_000), { signal }), {
      name: 'AbortError',
    });
  });
});

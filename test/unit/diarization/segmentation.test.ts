import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  createSegmentation,
  frameRuns,
  type Segmentation,
} from '#services/diarization/segmentation.js';
import { HOP_SAMPLES, WINDOW_SAMPLES } from '#services/diarization/windows.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { speakerModels } from '../../support/speaker-engine.js';

describe('frameRuns', () => {
  const runs = (bits: readonly number[], holds: (bits: number) => boolean) =>
    frameRuns(Uint8Array.from(bits), holds).map(({ from, to }) => [from, to]);

  it('finds the stretches of a slot, whoever else speaks', () => {
    const activity = [1, 1, 3, 0, 2, 3, 1];
    assert.deepEqual(
      runs(activity, (bits) => (bits & 1) !== 0),
      [
        [0, 3],
        [5, 7],
      ],
    );
    assert.deepEqual(
      runs(activity, (bits) => bits === 1),
      [
        [0, 2],
        [6, 7],
      ],
    );
  });

  it('finds one run in all, and none in nothing', () => {
    assert.deepEqual(
      runs([4, 4], (bits) => bits === 4),
      [[0, 2]],
    );
    assert.deepEqual(
      runs([0, 0], (bits) => bits !== 0),
      [],
    );
    assert.deepEqual(
      runs([], () => true),
      [],
    );
  });
});

describe('segmentation', () => {
  let segmentation: Segmentation;
  before(async () => {
    const modelPath = speakerModels.segmentationModelPath;
    segmentation = await createSegmentation({ modelPath, threads: 1 });
  });
  after(() => segmentation.dispose());

  it('hears the same in a window alone as among others', async () => {
    const samples = fixturePcm('two-speakers-clean').subarray(0, WINDOW_SAMPLES + 3 * HOP_SAMPLES);
    const together = await segmentation.run(samples, 4);
    assert.equal(together.length, 4);
    for (const [index, activity] of together.entries()) {
      assert.equal(activity.length, 589);
      const [alone] = await segmentation.run(samples.subarray(index * HOP_SAMPLES), 1);
      const differences = activity.filter((bits, frame) => bits !== alone?.[frame]).length;
      assert.ok(differences <= 2, `${differences} frames of window ${index}`);
    }
  });

  it('hears silence beyond the end of the samples', async () => {
    const [activity] = await segmentation.run(new Int16Array(0), 1);
    assert.deepEqual([...new Set(activity)], [0]);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { spectralClusters } from '#services/diarization/spectral.js';
import { axis, between, piecesOf, voiceOf } from './made-voices.js';

/** Pieces of people in turn, each a voice. */
function talk(...people: { person: Float32Array; count: number }[]) {
  return people.flatMap(({ person, count }, seed) =>
    piecesOf({ person, count, alike: 0.7, seed }).map((piece) => voiceOf([piece])),
  );
}

/** Sizes of the clusters, and whether each holds consecutive voices only. */
function runs(labels: Int32Array): number[] {
  const sizes: number[] = [];
  labels.forEach((label, index) => {
    if (index > 0 && labels[index - 1] === label) sizes.push((sizes.pop() ?? 0) + 1);
    else sizes.push(1);
  });
  return sizes;
}

describe('spectral clusters', () => {
  it('are as many as there are people, and hold the pieces of one each', () => {
    const three = talk(
      { person: axis(0), count: 20 },
      { person: axis(1), count: 15 },
      { person: axis(2), count: 30 },
    );
    const labels = spectralClusters(three);
    assert.equal(new Set(labels).size, 3);
    assert.deepEqual(runs(labels), [20, 15, 30]);
  });

  it('tell two people apart whose voices have a cosine of 0.75', () => {
    const [one, other] = [axis(0), between(axis(0), axis(1), 0.75)];
    const labels = spectralClusters(talk({ person: one, count: 40 }, { person: other, count: 40 }));
    assert.deepEqual(runs(labels), [40, 40]);
  });

  it('are one for one person', () => {
    for (const count of [12, 25, 60, 200]) {
      const labels = spectralClusters(talk({ person: axis(0), count }));
      assert.equal(new Set(labels).size, 1, `${count} pieces`);
    }
  });

  it('are one for fewer pieces than can be told anything by', () => {
    const few = talk({ person: axis(0), count: 5 }, { person: axis(1), count: 5 });
    assert.deepEqual(new Set(spectralClusters(few)), new Set([0]));
    assert.equal(spectralClusters([]).length, 0);
  });

  it('are the same for the same voices', () => {
    const voices = talk({ person: axis(0), count: 30 }, { person: axis(3), count: 20 });
    assert.deepEqual(spectralClusters(voices), spectralClusters(voices));
  });
});

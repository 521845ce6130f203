import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Cluster, sumOf, type Voice } from '#services/diarization/linkage.js';
import { partClusters } from '#services/diarization/part-clusters.js';
import { axis, between, piecesOf, voiceOf } from './made-voices.js';

const pieces = (person: Float32Array, count: number, seed: number): Voice[] =>
  piecesOf({ person, count, alike: 0.7, seed }).map((piece) => voiceOf([piece]));

/** Voices from `first` on as one cluster. */
function clusterOf(voices: readonly Voice[], first: number, count: number): Cluster {
  const members = Array.from({ length: count }, (_, index) => first + index);
  return { ...sumOf(members.map((each) => voices[each] as Voice)), members, likeness: 0.5 };
}

const membersOf = (clusters: readonly Cluster[]) =>
  clusters.map(({ members }) => [...members].sort((one, other) => one - other));

describe('parting clusters', () => {
  const [freya, bruno] = [axis(0), between(axis(0), axis(1), 0.75)];

  it('parts a cluster of two people with similar voices, largest first', () => {
    const voices = [...pieces(freya, 30, 1), ...pieces(bruno, 40, 2)];
    const parted = partClusters([clusterOf(voices, 0, 70)], voices);
    assert.deepEqual(
      parted.map(({ members }) => members.length),
      [40, 30],
    );
    assert.deepEqual(membersOf(parted)[1], [...Array(30).keys()]);
  });

  it('leaves one person together', () => {
    const voices = pieces(freya, 80, 3);
    const whole = [clusterOf(voices, 0, 80)];
    assert.deepEqual(membersOf(partClusters(whole, voices)), membersOf(whole));
  });

  it('leaves people alone who have a cluster of their own, and joins nobody', () => {
    const voices = [...pieces(freya, 30, 4), ...pieces(axis(2), 25, 5), ...pieces(axis(3), 2, 6)];
    const apart = [clusterOf(voices, 0, 30), clusterOf(voices, 30, 25), clusterOf(voices, 55, 2)];
    assert.deepEqual(membersOf(partClusters(apart, voices)), membersOf(apart));
  });

  it('does not make a person of a few pieces that are played again and again', () => {
    const speech = pieces(freya, 200, 7);
    const [jingle] = pieces(between(freya, axis(4), 0.8), 1, 8);
    const voices = [...speech, jingle as Voice, jingle as Voice];
    const parted = partClusters([clusterOf(voices, 0, voices.length)], voices);
    assert.equal(parted.length, 1);
  });

  it('keeps every voice, those too short to be compared too', () => {
    const short = pieces(bruno, 5, 9).map((voice) => ({
      sum: voice.sum.map((value) => value / 10),
      seconds: voice.seconds / 10,
      squares: voice.squares / 100,
    }));
    const voices = [...pieces(freya, 30, 10), ...pieces(bruno, 30, 11), ...short];
    const parted = partClusters([clusterOf(voices, 0, 65)], voices);
    assert.deepEqual(
      membersOf(parted)
        .map(({ length }) => length)
        .sort(),
      [30, 35],
    );
  });
});

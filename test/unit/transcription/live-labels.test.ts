import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Identification } from '#services/diarization/types.js';
import { LiveLabels } from '#services/transcription/live-labels.js';

type Turn = readonly [speaker: number, start: number, end: number];

/** `known`: names by speaker. */
function identified(turns: readonly Turn[], known: Record<number, string> = {}): Identification {
  const count = Math.max(-1, ...turns.map(([speaker]) => speaker)) + 1;
  return {
    speakers: Array.from({ length: count }, (_, speaker) => ({
      embedding: new Float32Array(2),
      ...(known[speaker] !== undefined && { known: known[speaker] }),
    })),
    turns: turns.map(([speaker, start, end]) => ({ speaker, start, end })),
  };
}

describe('names of speakers in a recording that is still heard', () => {
  it('are letters in the order in which they are asked for', () => {
    const labels = new LiveLabels([]);
    labels.update(
      identified([
        [0, 0, 5],
        [1, 5, 9],
      ]),
    );
    assert.deepEqual(
      [1, 0, 1].map((speaker) => labels.nameOf(speaker)),
      ['A', 'B', 'A'],
    );
  });

  it('stay with who is heard at the same times, whatever number that speaker has next', () => {
    const labels = new LiveLabels([]);
    labels.update(
      identified([
        [0, 0, 5],
        [1, 5, 9],
      ]),
    );
    for (const speaker of [0, 1]) labels.nameOf(speaker);
    labels.update(
      identified([
        [2, 0, 4],
        [0, 4, 9],
        [1, 9, 20],
      ]),
    );
    assert.deepEqual(
      [0, 1, 2].map((speaker) => labels.nameOf(speaker)),
      ['B', 'C', 'A'],
    );
  });

  it('go to the larger part when a speaker turns out to be two, and to one when two are one', () => {
    const labels = new LiveLabels([]);
    labels.update(identified([[0, 0, 10]]));
    labels.nameOf(0);
    const two = identified([
      [0, 0, 3],
      [1, 3, 10],
    ]);
    labels.update(two);
    assert.deepEqual(
      [0, 1].map((speaker) => labels.nameOf(speaker)),
      ['B', 'A'],
    );
    labels.update(identified([[0, 0, 10]]));
    assert.equal(labels.nameOf(0), 'A');
    labels.update(two);
    assert.equal(labels.nameOf(0), 'C', 'B was given up, and nobody else may be called so');
  });

  it('are those of known voices, which no letter looks like', () => {
    const labels = new LiveLabels(['b', 'Vera']);
    labels.update(
      identified([
        [0, 0, 5],
        [1, 5, 9],
        [2, 9, 12],
      ]),
    );
    assert.deepEqual(
      [0, 1].map((speaker) => labels.nameOf(speaker)),
      ['A', 'C'],
    );
    labels.update(
      identified(
        [
          [0, 0, 5],
          [1, 5, 9],
        ],
        { 1: 'Vera' },
      ),
    );
    assert.deepEqual(
      [0, 1].map((speaker) => labels.nameOf(speaker)),
      ['A', 'Vera'],
    );
  });

  it('begin with the first speaker where words were told before anybody was heard', () => {
    const labels = new LiveLabels([]);
    labels.update(identified([]));
    assert.equal(labels.nameOf(0), 'A');
    labels.update(
      identified([
        [0, 20, 25],
        [1, 25, 29],
      ]),
    );
    assert.deepEqual(
      [1, 0].map((speaker) => labels.nameOf(speaker)),
      ['B', 'A'],
    );
  });
});

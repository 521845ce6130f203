import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linkVoices, sumOf, type Voice } from '#services/diarization/linkage.js';
import { cosine } from '#services/diarization/vectors.js';
import { seededRandom } from '../../../bench/support/random.js';
import { anyVector, axis, between, type MadePiece, piecesOf, voiceOf } from './made-voices.js';

const noTies = (count: number) => new Float64Array(count ** 2);

/** Members of the clusters, each in order. */
function link(
  voices: readonly Voice[],
  options: { threshold: number; maxClusters?: number },
  ties: Float64Array = noTies(voices.length),
): number[][] {
  return linkVoices(voices, ties, options).map(({ members }) =>
    [...members].sort((one, other) => one - other),
  );
}

const sorted = (clusters: number[][]) =>
  clusters.sort((one, other) => (one[0] ?? 0) - (other[0] ?? 0));

/** The textbook's way: the average over all pairs of pieces is worked out anew each time. */
function linkSlowly(
  pieces: readonly MadePiece[],
  ties: Float64Array,
  threshold: number,
): number[][] {
  let clusters = pieces.map((_, index) => [index]);
  const alike = (one: readonly number[], other: readonly number[]) => {
    let [sum, weight] = [0, 0];
    for (const first of one)
      for (const second of other) {
        const [a, b] = [pieces[first] as MadePiece, pieces[second] as MadePiece];
        const seconds = a.seconds * b.seconds;
        sum +=
          seconds * cosine(a.embedding, b.embedding) + (ties[first * pieces.length + second] ?? 0);
        weight += seconds;
      }
    return sum / weight;
  };
  for (;;) {
    let best: { one: number[]; other: number[]; likeness: number } | undefined;
    for (const [index, one] of clusters.entries())
      for (const other of clusters.slice(index + 1)) {
        const likeness = alike(one, other);
        if (!best || likeness > best.likeness) best = { one, other, likeness };
      }
    if (!best || best.likeness < threshold) return clusters;
    const { one, other } = best;
    clusters = [...clusters.filter((each) => each !== one && each !== other), [...one, ...other]];
  }
}

/** Pieces of some people, each somewhat like themselves; all of them together last less than ten seconds. */
function somePieces(seed: number): { pieces: MadePiece[]; ties: Float64Array } {
  const random = seededRandom(seed);
  const people = Array.from({ length: 4 }, () => anyVector(random));
  const pieces = Array.from({ length: 24 }, (_, index) => ({
    ...(piecesOf({
      person: people[index % 4] as Float32Array,
      count: 1,
      alike: 0.6,
      seed: seed * 100 + index,
    })[0] as MadePiece),
    seconds: 0.1 + 0.3 * random(),
  }));
  const ties = noTies(pieces.length);
  for (let pair = 0; pair < 20; pair++) {
    const [row, column] = [Math.floor(random() * 24), Math.floor(random() * 24)];
    if (row === column) continue;
    const seconds = (pieces[row]?.seconds ?? 0) * (pieces[column]?.seconds ?? 0);
    const weight = (0.6 * random() - 0.3) * seconds;
    ties[row * 24 + column] = weight;
    ties[column * 24 + row] = weight;
  }
  return { pieces, ties };
}

describe('linkVoices', () => {
  it('links as averages over all pairs of pieces say, for pieces by chance', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { pieces, ties } = somePieces(seed);
      for (const threshold of [0.3, 0.5, 0.65]) {
        const voices = pieces.map((piece) => voiceOf([piece]));
        assert.deepEqual(
          sorted(link(voices, { threshold }, ties)),
          sorted(linkSlowly(pieces, ties, threshold).map((each) => each.sort((a, b) => a - b))),
          `seed ${seed}, threshold ${threshold}`,
        );
      }
    }
  });

  it('links clusters as it would have linked their pieces', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const voices = somePieces(seed).pieces.map((piece) => voiceOf([piece]));
      const groups = link(voices, { threshold: 0.6 });
      assert.ok(groups.length > 4 && groups.length < 24);
      const merged = groups.map((group) => sumOf(group.map((index) => voices[index] as Voice)));
      const twice = link(merged, { threshold: 0.3 }).map((members) =>
        members.flatMap((group) => groups[group] ?? []).sort((one, other) => one - other),
      );
      assert.deepEqual(sorted(twice), sorted(link(voices, { threshold: 0.3 })), `seed ${seed}`);
    }
  });

  it('puts the largest cluster first', () => {
    const second = (person: number, seconds: number) =>
      voiceOf([{ embedding: axis(person), seconds }]);
    const voices = [second(0, 1), second(1, 2), second(1, 2), second(2, 3), second(0, 0.5)];
    assert.deepEqual(link(voices, { threshold: 0.5 }), [[1, 2], [3], [0, 4]]);
  });

  it('gives the same each time', () => {
    const { pieces, ties } = somePieces(3);
    const voices = pieces.map((piece) => voiceOf([piece]));
    const options = { threshold: 0.5 };
    assert.deepEqual(linkVoices(voices, ties, options), linkVoices(voices, ties, options));
  });

  it('says of each cluster what it was linked from, and changes neither voices nor ties', () => {
    const voices = [axis(0), axis(1), axis(0)].map((embedding) =>
      voiceOf([{ embedding, seconds: 2 }]),
    );
    const ties = noTies(3);
    const [both, alone] = linkVoices(voices, ties, { threshold: 0.5 });
    assert.deepEqual(
      both?.parts?.map(({ members }) => members),
      [[0], [2]],
    );
    assert.deepEqual([both?.likeness, both?.seconds, both?.squares], [1, 4, 8]);
    assert.equal(alone?.parts, undefined);
    assert.deepEqual([...ties], new Array(9).fill(0));
    assert.equal(voices[0]?.seconds, 2);
  });

  it('finds nothing in nothing, and one voice in one', () => {
    assert.deepEqual(link([], { threshold: 0.5 }), []);
    assert.deepEqual(link([voiceOf([{ embedding: axis(0), seconds: 1 }])], { threshold: 0.5 }), [
      [0],
    ]);
  });

  it('links two voices from the threshold on', () => {
    const voices = [axis(0), between(axis(0), axis(1), 0.5)].map((embedding) =>
      voiceOf([{ embedding, seconds: 1 }]),
    );
    assert.deepEqual(link(voices, { threshold: 0.49 }), [[0, 1]]);
    assert.deepEqual(link(voices, { threshold: 0.51 }), [[0], [1]]);
  });

  it('links voices below the threshold that are tied, and keeps similar ones apart that are tied off', () => {
    const voices = [axis(0), between(axis(0), axis(1), 0.5)].map((embedding) =>
      voiceOf([{ embedding, seconds: 2 }]),
    );
    const tied = (bonus: number) => Float64Array.of(0, bonus * 4, bonus * 4, 0);
    assert.deepEqual(link(voices, { threshold: 0.6 }, tied(0.2)), [[0, 1]]);
    assert.deepEqual(link(voices, { threshold: 0.4 }, tied(-0.2)), [[0], [1]]);
  });

  it('goes on beyond the threshold to as many clusters as there may be, the most similar first', () => {
    const voices = [axis(0), axis(1), between(axis(1), axis(0), 0.1), axis(2)].map((embedding) =>
      voiceOf([{ embedding, seconds: 1 }]),
    );
    assert.deepEqual(link(voices, { threshold: 0.5, maxClusters: 4 }).length, 3);
    // 0 and the pair of 1 and 2 are a little alike; 3 is like nobody.
    assert.deepEqual(sorted(link(voices, { threshold: 0.5, maxClusters: 2 })), [[0, 1, 2], [3]]);
    assert.deepEqual(link(voices, { threshold: 0.5, maxClusters: 1 }), [[0, 1, 2, 3]]);
  });
});

describe('two people with similar voices', () => {
  const alice = axis(0);
  /** Mean voices as alike as two similar people's were measured to be. */
  const bruna = between(axis(0), axis(1), 0.8);
  /** Several voices of a person, each of some pieces. */
  const voicesOf = (person: Float32Array, count: number, seed: number) =>
    Array.from({ length: count }, (_, voice) =>
      voiceOf(piecesOf({ person, count: 4, alike: 0.6, seed: seed + voice })),
    );

  it('stay two once both are well known, though the threshold alone would link them', () => {
    const voices = [...voicesOf(alice, 4, 10), ...voicesOf(bruna, 4, 50)];
    assert.deepEqual(sorted(link(voices, { threshold: 0.4 })), [
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
  });

  it('are one when their number is limited, after all others that are more alike', () => {
    const voices = [...voicesOf(alice, 4, 10), ...voicesOf(bruna, 4, 50)];
    assert.equal(link(voices, { threshold: 0.4, maxClusters: 1 }).length, 1);
  });

  it('are not seen in parts of one person', () => {
    for (let seed = 1; seed <= 10; seed++)
      assert.equal(link(voicesOf(alice, 8, 100 * seed), { threshold: 0.4 }).length, 1);
  });

  it('are one while one of them is hardly heard', () => {
    const voices = [...voicesOf(alice, 4, 10), ...voicesOf(bruna, 1, 50)];
    assert.equal(link(voices, { threshold: 0.4 }).length, 1);
  });
});

describe('a voice', () => {
  const alice = axis(0);
  const bruna = between(axis(0), axis(1), 0.8);
  /** So many seconds of a person in pieces of 1.5 s, ten pieces in a voice. */
  const voicesOf = (person: Float32Array, seconds: number, seed: number) =>
    Array.from({ length: Math.ceil(seconds / 15) }, (_, voice) =>
      voiceOf(
        piecesOf({
          person,
          count: Math.min(10, Math.round(seconds / 1.5) - 10 * voice),
          alike: 0.6,
          seed: seed + voice,
        }),
      ),
    );
  const count = (voices: readonly Voice[]) => link(voices, { threshold: 0.4 }).length;

  it('is well known with ten seconds, but not with less than a fiftieth of all speech', () => {
    const short = voicesOf(bruna, 12, 900);
    assert.equal(count([...voicesOf(alice, 450, 1), ...short]), 2);
    assert.equal(count([...voicesOf(alice, 900, 1), ...short]), 1);
  });

  it('is one person’s where the same audio is played again and again', () => {
    const person = axis(0);
    const [jingle] = piecesOf({ person, count: 1, alike: 0.65, seed: 3 });
    const again = Array.from({ length: 10 }, () => voiceOf([jingle as MadePiece]));
    const speech = [10, 20, 30].map((seed) =>
      voiceOf(piecesOf({ person, count: 10, alike: 0.65, seed })),
    );
    assert.equal(count([...again, ...speech]), 1);
  });
});

describe('sumOf', () => {
  it('is one voice of all pieces', () => {
    const pieces = piecesOf({ person: axis(0), count: 6, alike: 0.5, seed: 1 });
    const whole = voiceOf(pieces);
    const joined = sumOf([voiceOf(pieces.slice(0, 2)), voiceOf(pieces.slice(2))]);
    assert.deepEqual([joined.seconds, joined.squares], [whole.seconds, whole.squares]);
    joined.sum.forEach((value, at) => {
      assert.ok(Math.abs(value - (whole.sum[at] ?? 0)) < 1e-9);
    });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { identify } from '#services/diarization/identify.js';
import { secondsOf } from '#services/diarization/stretches.js';
import type { ChunkTracks, IdentifyOptions, Track } from '#services/diarization/types.js';
import { seededRandom } from '../../../bench/support/random.js';
import {
  anyVector,
  axis,
  between,
  chunkOf,
  from,
  piecesOf,
  plainTrack,
  trackOf,
} from './made-voices.js';

const [alice, bruno] = [axis(0), axis(1)];

/** Turns as `[speaker, start, end]`, and how many speakers there are. */
function found(chunks: readonly ChunkTracks[], options: IdentifyOptions = {}) {
  const { speakers, turns } = identify(chunks, options);
  return {
    speakers: speakers.length,
    turns: turns.map(({ speaker, start, end }) => [speaker, start, end]),
  };
}

describe('identify', () => {
  it('finds nobody where there is nothing', () => {
    assert.deepEqual(identify([], {}), { speakers: [], turns: [] });
    const silence = chunkOf({ start: 0, end: 600, tracks: [] });
    assert.deepEqual(identify([silence, { ...silence, start: 590, end: 900 }], {}), {
      speakers: [],
      turns: [],
    });
    assert.deepEqual(identify([silence], { count: { min: 2, max: 2 } }).speakers, []);
  });

  it('numbers speakers in the order in which they are first heard, however much they speak', () => {
    const tracks = [
      plainTrack(alice, from(10, 60)),
      plainTrack(bruno, from(1, 5)),
      plainTrack(axis(2), from(6, 9)),
    ];
    assert.deepEqual(found([chunkOf({ start: 0, end: 60, tracks })]), {
      speakers: 3,
      turns: [
        [0, 1, 5],
        [1, 6, 9],
        [2, 10, 60],
      ],
    });
  });

  it('gives a speaker one number all through a recording of many chunks', () => {
    const random = seededRandom(1);
    const people = [0, 1, 2].map(() => anyVector(random));
    const chunks = Array.from({ length: 12 }, (_, index) => {
      const start = 100 * index;
      // In each chunk another one speaks first, and nobody speaks in the overlaps.
      const tracks = [0, 1, 2].map((place) => {
        const person = people[(place + index) % 3] as Float32Array;
        const seed = 1 + 3 * index + place;
        const pieces = piecesOf({ person, count: 10, alike: 0.6, seed });
        return trackOf(pieces, [from(start + 20 + 20 * place, start + 38 + 20 * place)]);
      });
      return chunkOf({ start, end: start + 110, tracks });
    });
    const { speakers, turns } = found(chunks);
    assert.equal(speakers, 3);
    const expected = chunks.flatMap((_, index) => [0, 1, 2].map((place) => (place + index) % 3));
    assert.deepEqual(
      turns.map(([speaker]) => speaker),
      expected,
    );
  });

  it('counts what two chunks share once', () => {
    const chunks = [0, 1, 2].map((index) =>
      chunkOf({
        start: 50 * index,
        end: 50 * index + 60,
        tracks: [
          plainTrack(alice, from(50 * index, 50 * index + 60)),
          plainTrack(bruno, from(50 * index + 20, 50 * index + 30)),
        ],
      }),
    );
    const { turns } = identify(chunks, {});
    const seconds = [0, 1].map((speaker) =>
      secondsOf(turns.filter((turn) => turn.speaker === speaker)),
    );
    assert.deepEqual(seconds, [160, 30]);
  });

  it('links tracks that are heard at the same times where chunks overlap, though they sound less alike', () => {
    // Likeness 0.3 is too little; by being active together they gain as much again.
    const changed = between(alice, axis(5), 0.3);
    const chunks = (later: Track) => [
      chunkOf({ start: 0, end: 30, tracks: [plainTrack(alice, from(2, 3), from(21, 29))] }),
      chunkOf({ start: 20, end: 50, tracks: [later] }),
    ];
    assert.equal(found(chunks(plainTrack(changed, from(21, 29), from(40, 41)))).speakers, 1);
    assert.equal(found(chunks(plainTrack(changed, from(32, 40), from(42, 43)))).speakers, 2);
  });

  it('keeps tracks apart that are heard at different times where chunks overlap', () => {
    const similar = between(alice, axis(5), 0.6);
    const chunks = [
      chunkOf({ start: 0, end: 30, tracks: [plainTrack(alice, from(2, 6), from(21, 24))] }),
      chunkOf({ start: 20, end: 50, tracks: [plainTrack(similar, from(25, 29), from(40, 43))] }),
    ];
    assert.equal(found(chunks).speakers, 2);
    const [first, second] = chunks as [ChunkTracks, ChunkTracks];
    assert.equal(found([first, { ...second, start: 30 }]).speakers, 1);
  });

  it('heeds the ties inside of each chunk', () => {
    const similar = between(alice, axis(5), 0.5);
    const tracks = [plainTrack(alice, from(0, 4)), plainTrack(similar, from(4, 8))];
    const chunk = chunkOf({ start: 0, end: 10, tracks });
    assert.equal(found([chunk]).speakers, 1);
    const ties = [{ one: 0, other: 1, weight: -0.2 * 4 * 4 }];
    // The chunk before it has tracks of its own, so numbers are not those of the recording.
    const before = chunkOf({ start: -20, end: -10, tracks: [plainTrack(axis(7), from(-20, -16))] });
    assert.equal(found([{ ...chunk, ties }]).speakers, 2);
    assert.equal(found([before, { ...chunk, ties }]).speakers, 3);
  });

  it('finds as many speakers as asked for, as far as there are voices', () => {
    const people = [alice, bruno, axis(2), axis(3)];
    const tracks = people.flatMap((person, index) =>
      Array.from({ length: 5 }, (_, turn) => {
        const start = 40 * turn + 10 * index;
        const pieces = piecesOf({ person, count: 5, alike: 0.6, seed: 10 * index + turn + 1 });
        return trackOf(pieces, [from(start, start + 8)]);
      }),
    );
    const chunks = [chunkOf({ start: 0, end: 200, tracks })];
    const speakers = (count: IdentifyOptions['count']) =>
      identify(chunks, count ? { count } : {}).speakers.length;
    assert.equal(speakers(undefined), 4);
    assert.equal(speakers({ max: 2 }), 2);
    assert.equal(speakers({ max: 9 }), 4);
    assert.equal(speakers({ min: 6 }), 6);
    for (let exactly = 1; exactly <= 6; exactly++)
      assert.equal(speakers({ min: exactly, max: exactly }), exactly);
    assert.equal(speakers({ min: 50 }), 20);
  });

  it('names the speakers that are known', () => {
    const tracks = [plainTrack(alice, from(0, 4)), plainTrack(bruno, from(5, 9))];
    const known = [{ name: 'Bruno', embedding: bruno }];
    const { speakers } = identify([chunkOf({ start: 0, end: 10, tracks })], { known });
    assert.deepEqual(
      speakers.map((speaker) => speaker.known),
      [undefined, 'Bruno'],
    );
  });

  it('gives the same each time', () => {
    const chunks = manyTracks({ count: 300, people: 5 });
    assert.deepEqual(identify(chunks, {}), identify(chunks, {}));
  });
});

/** Chunks of 50 tracks, a person each after the other; some tracks are very short. */
function manyTracks({ count, people }: { count: number; people: number }): ChunkTracks[] {
  const random = seededRandom(2);
  const voices = Array.from({ length: people }, () => anyVector(random));
  return Array.from({ length: count / 50 }, (_, chunk) => {
    const start = 500 * chunk;
    const tracks = Array.from({ length: 50 }, (_, index) => {
      const person = voices[index % people] as Float32Array;
      const [piece] = piecesOf({ person, count: 1, alike: 0.6, seed: 50 * chunk + index + 1 });
      // One in five has little speech.
      const seconds = Math.floor(index / people) % 5 === 0 ? 0.4 : 2 + random();
      const at = start + 10 * index;
      return trackOf(
        [{ embedding: piece?.embedding ?? person, seconds }],
        [from(at, at + seconds)],
      );
    });
    return chunkOf({ start, end: start + 500, tracks });
  });
}

describe('identify with more tracks than are compared', () => {
  const people = 5;
  const chunks = manyTracks({ count: 10_000, people });
  const wrong = ({ turns }: ReturnType<typeof identify>) =>
    turns.filter(({ speaker, start }) => speaker !== Math.round((start % 500) / 10) % people)
      .length;

  // All compared with all would take minutes. How long it takes is for the bench; this only must not go on for ever.
  it('finds the speakers and gives those with little speech to them as well', {
    timeout: 90_000,
  }, () => {
    const identification = identify(chunks, {});
    assert.equal(identification.speakers.length, people);
    assert.equal(identification.turns.length, 10_000);
    assert.equal(wrong(identification), 0);
  });

  it('parts a speaker when more are wanted, and leaves the others whole', () => {
    const identification = identify(chunks, { count: { min: people + 1 } });
    assert.equal(identification.speakers.length, people + 1);
    const mixed = identification.speakers.filter((_, speaker) => {
      const own = identification.turns.filter((turn) => turn.speaker === speaker);
      return new Set(own.map(({ start }) => Math.round((start % 500) / 10) % people)).size > 1;
    });
    assert.equal(mixed.length, 0);
  });
});

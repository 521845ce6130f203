import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { turnsOfSpeakers } from '#services/diarization/speaker-turns.js';
import type { Aside, ChunkTracks, IdentifiedTurn } from '#services/diarization/types.js';
import { seededRandom } from '../../../bench/support/random.js';
import { axis, between, chunkOf, from, plainTrack } from './made-voices.js';

const [alice, bruno, cleo] = [axis(0), axis(1), axis(2)];

function turnsOf(
  chunks: readonly ChunkTracks[],
  speakerOf: readonly number[],
  centroids: readonly Float32Array[] = [alice, bruno],
): [number, number, number][] {
  const { turns } = turnsOfSpeakers({ chunks, speakerOf: Int32Array.from(speakerOf), centroids });
  return turns.map(({ speaker, start, end }) => [speaker, start, end]);
}

describe('turnsOfSpeakers', () => {
  it('orders turns by start and numbers speakers as they are first heard', () => {
    const tracks = [plainTrack(alice, from(5, 6), from(9, 10)), plainTrack(bruno, from(1, 4))];
    const chunks = [chunkOf({ start: 0, end: 10, tracks })];
    assert.deepEqual(turnsOf(chunks, [0, 1]), [
      [0, 1, 4],
      [1, 5, 6],
      [1, 9, 10],
    ]);
    const { speakers } = turnsOfSpeakers({
      chunks,
      speakerOf: Int32Array.of(0, 1),
      centroids: [alice, bruno],
    });
    assert.deepEqual(
      speakers.map(({ embedding }) => embedding),
      [bruno, alice],
    );
  });

  it('joins pauses of less than 0.3 s, also between tracks of one speaker', () => {
    const tracks = [plainTrack(alice, from(0, 1), from(1.5, 2)), plainTrack(alice, from(2.25, 3))];
    assert.deepEqual(turnsOf([chunkOf({ start: 0, end: 10, tracks })], [0, 0]), [
      [0, 0, 1],
      [0, 1.5, 3],
    ]);
  });

  it('lets turns of different speakers overlap and those of one never', () => {
    const random = seededRandom(5);
    const tracks = Array.from({ length: 12 }, () => {
      const start = random() * 20;
      return plainTrack(alice, from(start, start + random() * 4));
    });
    const speakerOf = tracks.map((_, index) => index % 2);
    const turns = turnsOfSpeakers({
      chunks: [chunkOf({ start: 0, end: 30, tracks })],
      speakerOf: Int32Array.from(speakerOf),
      centroids: [alice, bruno],
    }).turns;
    const overlaps = (all: readonly IdentifiedTurn[]) =>
      all.filter(({ start }, index) => all.slice(0, index).some(({ end }) => end > start)).length;
    assert.ok(overlaps(turns) > 0);
    for (const speaker of [0, 1])
      assert.equal(overlaps(turns.filter((turn) => turn.speaker === speaker)), 0);
  });

  it('takes every second from one chunk: up to the middle of the overlap from the earlier one', () => {
    // The two chunks do not agree on who speaks in what they share, 20 to 30.
    const chunks = [
      chunkOf({ start: 0, end: 30, tracks: [plainTrack(alice, from(2, 29))] }),
      chunkOf({ start: 20, end: 50, tracks: [plainTrack(bruno, from(21, 48))] }),
    ];
    assert.deepEqual(turnsOf(chunks, [0, 1]), [
      [0, 2, 25],
      [1, 25, 48],
    ]);
  });

  it('has one turn where a speaker goes on from one chunk to the next', () => {
    const chunks = [
      chunkOf({ start: 0, end: 30, tracks: [plainTrack(alice, from(2, 30))] }),
      chunkOf({ start: 20, end: 50, tracks: [plainTrack(alice, from(20, 48))] }),
    ];
    assert.deepEqual(turnsOf(chunks, [0, 0]), [[0, 2, 48]]);
  });

  it('leaves a speaker out who is never heard, and nobody counts instead', () => {
    const tracks = [plainTrack(alice, from(0, 1)), { ...plainTrack(bruno, from(0, 1)), turns: [] }];
    const chunks = [chunkOf({ start: 0, end: 10, tracks: tracks.reverse() })];
    const { speakers, turns } = turnsOfSpeakers({
      chunks,
      speakerOf: Int32Array.of(0, 1),
      centroids: [bruno, alice],
    });
    assert.equal(speakers.length, 1);
    assert.deepEqual(turns, [{ start: 0, end: 1, speaker: 0 }]);
  });

  it('is nothing where nothing was heard', () => {
    const nothing = { chunks: [], speakerOf: new Int32Array(0), centroids: [] };
    assert.deepEqual(turnsOfSpeakers(nothing), { speakers: [], turns: [] });
  });
});

describe('an aside', () => {
  const tracks = [
    plainTrack(alice, from(0, 5)),
    plainTrack(bruno, from(5, 10)),
    plainTrack(cleo, from(12, 13)),
  ];
  const centroids = [alice, bruno, cleo];
  const withAside = (aside: Aside) =>
    turnsOf([chunkOf({ start: 0, end: 15, tracks, asides: [aside] })], [0, 1, 2], centroids);

  it('goes to the speaker of its track while that one is silent', () => {
    const aside = { track: 1, embedding: alice, turns: [from(2, 3)] };
    assert.deepEqual(withAside(aside), [
      [0, 0, 5],
      [1, 2, 3],
      [1, 5, 10],
      [2, 12, 13],
    ]);
  });

  it('goes to the most similar other who is silent meanwhile, not to whom it is heard together with', () => {
    const aside = { track: 0, embedding: between(alice, cleo, 0.9), turns: [from(2, 3)] };
    assert.deepEqual(withAside(aside), [
      [0, 0, 5],
      [1, 2, 3],
      [2, 5, 10],
      [1, 12, 13],
    ]);
  });

  it('stays where everybody else speaks as well', () => {
    const [one, other] = [plainTrack(alice, from(0, 5)), plainTrack(bruno, from(0, 5))];
    const asides = [{ track: 0, embedding: alice, turns: [from(2, 3)] }];
    const chunks = [chunkOf({ start: 0, end: 5, tracks: [one, other], asides })];
    assert.deepEqual(turnsOf(chunks, [0, 1]), [
      [0, 0, 5],
      [1, 0, 5],
    ]);
  });
});

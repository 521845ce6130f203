import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { settleCount } from '#services/diarization/count.js';
import { linkVoices, type Voice } from '#services/diarization/linkage.js';
import type { SpeakerCount } from '#services/diarization/types.js';
import { axis, between, piecesOf, voiceOf } from './made-voices.js';

/** A voice all of whose speech sounds exactly like that. */
const voice = (embedding: Float32Array, seconds: number): Voice =>
  voiceOf([{ embedding, seconds }]);

/** Which voices each speaker has, the largest speaker first. */
function speakersOf(voices: readonly Voice[], count: SpeakerCount = {}): number[][] {
  const clusters = linkVoices(voices, new Float64Array(voices.length ** 2), { threshold: 0.4 });
  return settleCount({ clusters, count }).map((members) =>
    members.sort((one, other) => one - other),
  );
}

/** Three people with 30, 20 and 10 s; the second and the third are a little alike. */
const three = [voice(axis(0), 30), voice(axis(1), 20), voice(between(axis(1), axis(2), 0.3), 10)];

describe('settleCount', () => {
  it('takes what the linkage found when nothing is asked for', () => {
    assert.deepEqual(speakersOf(three), [[0], [1], [2]]);
    assert.deepEqual(speakersOf(three, { min: 2, max: 4 }), [[0], [1], [2]]);
  });

  it('joins the most similar speakers down to the largest number that is allowed', () => {
    assert.deepEqual(speakersOf(three, { max: 2 }), [[0], [1, 2]]);
    assert.deepEqual(speakersOf(three, { max: 1 }), [[0, 1, 2]]);
  });

  it('parts the speaker whose parts are least alike up to the smallest number that is allowed', () => {
    const voices = [
      voice(axis(0), 8),
      voice(between(axis(0), axis(1), 0.9), 7),
      voice(axis(2), 6),
      voice(between(axis(2), axis(3), 0.6), 5),
    ];
    assert.deepEqual(speakersOf(voices), [
      [0, 1],
      [2, 3],
    ]);
    assert.deepEqual(speakersOf(voices, { min: 2 }), [
      [0, 1],
      [2, 3],
    ]);
    assert.deepEqual(speakersOf(voices, { min: 3 }), [[0, 1], [2], [3]]);
    assert.deepEqual(speakersOf(voices, { min: 4 }), [[0], [1], [2], [3]]);
  });

  it('gives exactly as many speakers as asked for', () => {
    const people = [axis(0), axis(1), axis(2)];
    const voices = people.flatMap((person, index) =>
      piecesOf({ person, count: 20, alike: 0.6, seed: index + 1 }).map((piece) => voiceOf([piece])),
    );
    for (let wanted = 1; wanted <= 6; wanted++) {
      const speakers = speakersOf(voices, { min: wanted, max: wanted });
      assert.equal(speakers.length, wanted);
      assert.equal(new Set(speakers.flat()).size, speakers.flat().length);
    }
  });

  it('finds one speaker in a monologue', () => {
    const voices = piecesOf({ person: axis(0), count: 100, alike: 0.6, seed: 9 }).map((piece) =>
      voiceOf([piece]),
    );
    assert.equal(speakersOf(voices).length, 1);
  });

  it('parts a monologue in two of some size rather than cutting an outlier off', () => {
    const outlier = voice(between(axis(0), axis(9), 0.45), 1);
    const voices = [voice(axis(0), 30), voice(between(axis(0), axis(1), 0.8), 30), outlier];
    const speakers = speakersOf(voices, { min: 2 });
    assert.deepEqual(speakers, [[0, 2], [1]]);
  });

  it('gives all voices a speaker of their own when there are fewer than wanted', () => {
    assert.equal(speakersOf(three, { min: 8 }).length, 3);
    assert.deepEqual(speakersOf([voice(axis(0), 1)], { min: 5, max: 5 }), [[0]]);
  });

  it('takes no voice for a speaker that has next to nothing of the speech', () => {
    const voices = [voice(axis(0), 300), voice(axis(1), 300), voice(axis(2), 1.5)];
    assert.deepEqual(speakersOf(voices), [[0], [1]]);
  });

  it('takes a short voice for a speaker when so many are wanted', () => {
    const voices = [voice(axis(0), 300), voice(axis(1), 300), voice(axis(2), 1.5)];
    assert.deepEqual(speakersOf(voices, { min: 3 }), [[0], [1], [2]]);
  });

  it('takes ten seconds for enough, however long the recording is', () => {
    const voices = [voice(axis(0), 20_000), voice(axis(1), 10), voice(axis(2), 9.9)];
    assert.deepEqual(speakersOf(voices), [[0], [1]]);
  });

  it('finds a speaker even where every voice is next to nothing', () => {
    const voices = Array.from({ length: 190 }, (_, person) => voice(axis(person), 1));
    const clusters = linkVoices([...voices, ...voices], new Float64Array(380 ** 2).fill(-10), {
      threshold: 0.4,
    });
    assert.equal(clusters.length, 380);
    assert.equal(settleCount({ clusters, count: {} }).length, 1);
  });
});

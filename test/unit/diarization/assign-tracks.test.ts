import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assignTracks } from '#services/diarization/assign-tracks.js';
import type { Track } from '#services/diarization/types.js';
import { cosine } from '#services/diarization/vectors.js';
import { axis, between, from, plainTrack } from './made-voices.js';

const [alice, bruno] = [axis(0), axis(1)];
const track = (person: Float32Array, seconds: number): Track =>
  plainTrack(person, from(0, seconds));

function assign(tracks: readonly Track[], speakers: readonly (readonly number[])[]) {
  const { speakerOf, centroids } = assignTracks({ tracks, speakers });
  return { speakerOf: [...speakerOf], centroids };
}

describe('assignTracks', () => {
  it('keeps what was linked and gives tracks of nobody to the nearest speaker', () => {
    const tracks = [track(alice, 5), track(bruno, 5), track(between(bruno, alice, 0.8), 0.3)];
    assert.deepEqual(assign(tracks, [[0], [1]]).speakerOf, [0, 1, 1]);
  });

  it('moves a track to another speaker that it is clearly more alike', () => {
    const tracks = [track(alice, 9), track(bruno, 9), track(between(bruno, alice, 0.9), 2)];
    const { speakerOf, centroids } = assign(tracks, [[0, 2], [1]]);
    assert.deepEqual(speakerOf, [0, 1, 1]);
    // What the speakers sound like follows.
    assert.ok(cosine(centroids[0] as Float32Array, alice) > 0.9999);
  });

  it('does not move a track for a little, nor one with less than a second of speech', () => {
    const thirdOf = (person: Float32Array, seconds: number) => {
      const tracks = [track(alice, 90), track(bruno, 90), track(person, seconds)];
      return assign(tracks, [[0, 2], [1]]).speakerOf[2];
    };
    assert.equal(thirdOf(between(bruno, alice, 0.72), 2), 0);
    assert.equal(thirdOf(between(bruno, alice, 0.75), 2), 1);
    assert.equal(thirdOf(between(bruno, alice, 0.9), 0.9), 0);
  });

  it('says what each speaker sounds like, long tracks counting more', () => {
    const { centroids } = assign([track(alice, 30), track(bruno, 10)], [[0, 1]]);
    const [both] = centroids;
    assert.ok(both);
    assert.ok(Math.abs(cosine(both, alice) - 3 / Math.sqrt(10)) < 1e-6);
    assert.ok(Math.abs(Math.hypot(...both) - 1) < 1e-6);
  });
});

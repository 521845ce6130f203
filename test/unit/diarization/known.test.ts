import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nameKnown } from '#services/diarization/known.js';
import type { KnownVoice } from '#services/diarization/types.js';
import { axis, between } from './made-voices.js';

const turns = [{ start: 0, end: 1, speaker: 0 }];

/** Names given to speakers that sound so, `undefined` for those unknown. */
function namesOf(
  speakers: readonly Float32Array[],
  known: readonly KnownVoice[],
): (string | undefined)[] {
  const identification = { speakers: speakers.map((embedding) => ({ embedding })), turns };
  return nameKnown(identification, known).speakers.map((speaker) => speaker.known);
}

describe('nameKnown', () => {
  const [alice, bruno] = [axis(0), axis(1)];

  it('names who sounds like a known voice, and leaves strangers unnamed', () => {
    const names = namesOf([axis(5), alice], [{ name: 'Alice', embedding: alice }]);
    assert.deepEqual(names, [undefined, 'Alice']);
  });

  it('names from a likeness of 0.7 on', () => {
    const known = [{ name: 'Alice', embedding: alice }];
    assert.deepEqual(namesOf([between(alice, bruno, 0.71)], known), ['Alice']);
    assert.deepEqual(namesOf([between(alice, bruno, 0.69)], known), [undefined]);
  });

  it('gives a name to the most similar of several speakers only', () => {
    const names = namesOf(
      [between(alice, axis(5), 0.8), between(alice, axis(6), 0.9), between(alice, axis(7), 0.75)],
      [{ name: 'Alice', embedding: alice }],
    );
    assert.deepEqual(names, [undefined, 'Alice', undefined]);
  });

  it('gives a speaker the most similar voice, and the other voice to whom is left, if alike enough', () => {
    // Both voices are nearest to the first speaker; Bruno is nearer.
    const first = between(bruno, alice, 0.712);
    const second = between(alice, axis(5), 0.701);
    const known = [
      { name: 'Alice', embedding: alice },
      { name: 'Bruno', embedding: bruno },
    ];
    assert.deepEqual(namesOf([first, second], known), ['Bruno', 'Alice']);
    assert.deepEqual(namesOf([first, axis(6)], known), ['Bruno', undefined]);
  });

  it('keeps turns and embeddings, and says nothing of names when nobody is known', () => {
    const identification = { speakers: [{ embedding: alice }], turns };
    assert.deepEqual(nameKnown(identification, []), identification);
    assert.deepEqual(nameKnown({ speakers: [], turns: [] }, [{ name: 'A', embedding: alice }]), {
      speakers: [],
      turns: [],
    });
  });
});

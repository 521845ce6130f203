import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tracksOfChunk } from '#services/diarization/chunk-tracks.js';
import { identify } from '#services/diarization/identify.js';
import type { BlockAnalysis, SpeakerService } from '#services/diarization/types.js';
import { SessionVoices } from '#services/live/session-voices.js';

const SAMPLE_RATE = 16_000;
const { signal } = new AbortController();

/** A voice of a made-up person: mostly their own direction, a little of chance. */
function voice(person: number, chance: number): Float32Array {
  const vector = Float32Array.from({ length: 192 }, (_, index) => {
    const noise = Math.sin(index * 12.9898 + chance * 78.233) * 0.03;
    return (index === person ? 0.9 : 0) + noise;
  });
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

/** Speaker models that hear in the samples who speaks when: each sample is a person's number, counted from 1. */
const speakers: SpeakerService = {
  hosts: 1,
  async analyse({ samples, start }): Promise<BlockAnalysis> {
    const runs: BlockAnalysis['runs'][number][] = [];
    for (let at = 0, begin = 0; at <= samples.length; at++) {
      if (at < samples.length && samples[at] === samples[begin]) continue;
      const person = samples[begin] ?? 0;
      const times = { start: start + begin / SAMPLE_RATE, end: start + at / SAMPLE_RATE };
      if (person > 0) runs.push({ window: 0, slot: person - 1, ...times });
      begin = at;
    }
    const pieces = runs.map((run) => ({
      ...run,
      solo: true,
      embedding: voice(run.slot, run.start),
    }));
    return { windows: 1, runs, pieces };
  },
  tracks: async (input) => tracksOfChunk(input),
  identify: async (chunks, options) => identify(chunks, options),
  sample: () => Promise.reject(new Error('not asked here')),
};

/** An utterance of two seconds for each of these people, with two words a second. */
async function say(voices: SessionVoices, people: readonly number[], start: number) {
  const samples = new Int16Array(people.length * 2 * SAMPLE_RATE);
  people.forEach((person, index) => {
    samples.fill(person, index * 2 * SAMPLE_RATE, (index + 1) * 2 * SAMPLE_RATE);
  });
  const heard = [await voices.hear(samples, start * SAMPLE_RATE, { signal })];
  const words = Array.from({ length: people.length * 4 }, (_, index) => ({
    text: 'word',
    start: start + index / 2 + 0.1,
    end: start + index / 2 + 0.4,
  }));
  return voices.name(words, { heard, known: [], signal });
}

describe('voices of a session', () => {
  it('are letters in the order in which they are heard, the same person always the same', async () => {
    const voices = new SessionVoices(speakers);
    const told: string[] = [];
    for (const [index, person] of [1, 1, 2, 1, 3, 2, 3, 1].entries())
      told.push(...new Set(await say(voices, [person], index * 3)));
    assert.deepEqual(told, ['A', 'A', 'B', 'A', 'C', 'B', 'C', 'A']);
  });

  it('part an utterance between words where somebody else goes on', async () => {
    const voices = new SessionVoices(speakers);
    await say(voices, [1], 0);
    await say(voices, [2], 3);
    const names = await say(voices, [1, 2], 6);
    assert.deepEqual(names, ['A', 'A', 'A', 'A', 'B', 'B', 'B', 'B']);
  });

  it('stay the same for hours, in which old ones are condensed', async () => {
    const voices = new SessionVoices(speakers);
    const people = Array.from(
      { length: 300 },
      (_, index) => 1 + ((index * index) % 4 === 0 ? index % 2 : index % 3),
    );
    const letterOf = new Map<number, Set<string>>();
    for (const [index, person] of people.entries()) {
      const names = await say(voices, [person], index * 3);
      const letters = letterOf.get(person) ?? new Set();
      for (const name of names) letters.add(name);
      letterOf.set(person, letters);
    }
    assert.deepEqual(
      [...letterOf.values()].map(({ size }) => size),
      [1, 1, 1],
    );
  });

  it('are whoever spoke before where nothing is heard of a voice', async () => {
    const voices = new SessionVoices(speakers);
    assert.deepEqual(await say(voices, [0], 0), ['A', 'A', 'A', 'A']);
    await say(voices, [1], 3);
    assert.deepEqual(new Set(await say(voices, [0], 6)), new Set(['A']));
  });

  it('have the name of a known voice, and a letter that is nobody’s name', async () => {
    const known = [{ name: 'a', embedding: voice(0, 1) }];
    const voices = new SessionVoices(speakers, { known });
    const name = async (person: number, start: number) => {
      const samples = new Int16Array(2 * SAMPLE_RATE).fill(person);
      const heard = [await voices.hear(samples, start * SAMPLE_RATE, { signal })];
      const words = [{ text: 'word', start: start + 0.5, end: start + 1 }];
      return voices.name(words, { heard, known, signal });
    };
    assert.deepEqual(await name(1, 0), ['a']);
    assert.deepEqual(await name(2, 3), ['B']);
  });
});

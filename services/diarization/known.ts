import type { Identification, IdentifiedSpeaker, KnownVoice } from './types.js';
import { cosine } from './vectors.js';

/**
 * Cosine of a known voice and a speaker's mean voice from which on they are the same person: docs/decisions/known-voices.md.
 */
const KNOWN_LIKENESS = 0.7;

/** Names the speakers that sound like a known voice: the most similar pair first, each name and each speaker once. */
export function nameKnown(
  identification: Identification,
  known: readonly KnownVoice[],
): Identification {
  const { speakers } = identification;
  const pairs = known
    .flatMap(({ name, embedding }, voice) =>
      speakers.map((speaker, index) => ({
        name,
        voice,
        index,
        likeness: cosine(embedding, speaker.embedding),
      })),
    )
    .filter(({ likeness }) => likeness >= KNOWN_LIKENESS)
    .sort((one, other) => other.likeness - one.likeness);
  const names = new Map<number, string>();
  const used = new Set<number>();
  for (const { name, voice, index } of pairs) {
    if (names.has(index) || used.has(voice)) continue;
    names.set(index, name);
    used.add(voice);
  }
  return {
    ...identification,
    speakers: speakers.map((speaker, index): IdentifiedSpeaker => {
      const name = names.get(index);
      return name === undefined ? speaker : { ...speaker, known: name };
    }),
  };
}

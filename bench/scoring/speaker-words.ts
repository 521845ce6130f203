import type { Segment } from '#utils/transcript/types.js';
import { cheapestAssignment } from './assignment.js';
import { normaliseWords } from './normalise.js';
import { alignWords, sumWordErrors, type WordErrors } from './wer.js';

/** What each speaker said, all of it in order of time, in the form in which words are compared. */
export type SpeakerWords = ReadonlyMap<string, readonly string[]>;

/** Words that belong to nobody are a stream of their own: leaving them out would hide insertions. */
const NOBODY = '(nobody)';

/** The words of a reference, or of anything else with a text for each turn. */
export function wordsOfTurns(
  turns: readonly { readonly speaker: string; readonly start: number; readonly text: string }[],
): SpeakerWords {
  const ordered = [...turns].sort((one, other) => one.start - other.start);
  return streams(
    ordered.flatMap(({ speaker, text }) =>
      text
        .split(/\s+/)
        .filter((word) => word !== '')
        .map((word) => ({ speaker, text: word })),
    ),
  );
}

/** The words of a transcript with speakers. A word without a speaker of its own has its segment's. */
export function wordsOfSegments(segments: readonly Segment[]): SpeakerWords {
  return streams(
    segments.flatMap(({ words, speaker }) =>
      words.map((word) => ({ speaker: word.speaker ?? speaker ?? NOBODY, text: word.text })),
    ),
  );
}

/**
 * cpWER, concatenated minimum-permutation word error rate (CHiME-6): speakers of both sides are mapped one to one so
 * that the edit distances between their streams are smallest in all; the words of those left over are deletions or
 * insertions. As `meeteval` computes it; `npm run bench -- check-scorers` compares the two.
 */
export function scoreSpeakerWords({
  reference,
  hypothesis,
}: {
  reference: SpeakerWords;
  hypothesis: SpeakerWords;
}): WordErrors {
  const said = padded(reference, hypothesis.size);
  const heard = padded(hypothesis, reference.size);
  const errors = said.map((one) => heard.map((other) => alignWords(one, other)));
  const costs = errors.map((row) => row.map(countErrors));
  const chosen = cheapestAssignment(costs).flatMap(
    ({ row, column }) => errors[row]?.[column] ?? [],
  );
  return sumWordErrors(chosen);
}

/** Speakers without a partner are compared with nothing: an empty stream for each. */
function padded(words: SpeakerWords, atLeast: number): (readonly string[])[] {
  const lists = [...words.values()];
  while (lists.length < atLeast) lists.push([]);
  return lists;
}

function countErrors({ substitutions, deletions, insertions }: WordErrors): number {
  return substitutions + deletions + insertions;
}

function streams(words: readonly { readonly speaker: string; readonly text: string }[]) {
  const texts = new Map<string, string[]>();
  for (const { speaker, text } of words) {
    const list = texts.get(speaker);
    if (list) list.push(text);
    else texts.set(speaker, [text]);
  }
  // Over the whole stream: a number may be said across two turns.
  return new Map([...texts].map(([name, list]) => [name, normaliseWords(list).map((w) => w.text)]));
}

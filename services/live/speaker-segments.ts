import { type TextToken, textOf } from './text-tokens.js';

/** A part of an utterance that one person said; seconds since the session's first sample. */
export type SpeakerSegment = {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly speaker: string;
};

/** Cuts an utterance between its words where the speaker changes. `names` holds the speaker of each word. */
export function speakerSegments(
  tokens: readonly TextToken[],
  names: readonly string[],
): SpeakerSegment[] {
  const groups: { speaker: string; tokens: TextToken[] }[] = [];
  tokens.forEach((token, index) => {
    const speaker = names[index] as string;
    const group = groups.at(-1);
    if (group?.speaker === speaker) group.tokens.push(token);
    else groups.push({ speaker, tokens: [token] });
  });
  return groups.map(({ speaker, tokens: own }) => ({
    start: own[0]?.word.start ?? 0,
    end: own.at(-1)?.word.end ?? 0,
    text: textOf(own).trim(),
    speaker,
  }));
}

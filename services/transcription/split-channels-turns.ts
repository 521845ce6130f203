import type { Segment, Speaker, SpeakerTurn } from '#utils/transcript/types.js';

/** A shorter pause between two words of a speaker does not end a turn. */
const TURN_PAUSE_SECONDS = 0.5;

/**
 * The turns of labelled segments, from the times of their words; overlapping ones of different speakers stay.
 *
 * @param segments Each with its speaker; those of one speaker in order of time.
 * @returns Turns by start, and the speakers who have any in the order in which they are first heard.
 */
export function turnsOf(segments: readonly Segment[]): {
  readonly turns: SpeakerTurn[];
  readonly speakers: Speaker[];
} {
  const turns: { start: number; end: number; speaker: string }[] = [];
  const open = new Map<string, { start: number; end: number; speaker: string }>();
  for (const { words, speaker = '', ...whole } of segments) {
    for (const { start, end } of words.length > 0 ? words : [whole]) {
      const turn = open.get(speaker);
      if (turn && start - turn.end < TURN_PAUSE_SECONDS) turn.end = Math.max(turn.end, end);
      else {
        const next = { start, end, speaker };
        open.set(speaker, next);
        turns.push(next);
      }
    }
  }
  turns.sort((one, other) => one.start - other.start);
  const seconds = new Map<string, number>();
  for (const { start, end, speaker } of turns)
    seconds.set(speaker, (seconds.get(speaker) ?? 0) + end - start);
  return {
    turns,
    speakers: [...seconds].map(([name, heard]) => ({ name, seconds: heard })),
  };
}

import type { Segment, Speaker, SpeakerTurn, Transcript, Word } from '#utils/transcript/types.js';
import { correctionsOf, currentName, type Edits } from './edits.js';
import { correctedPieces, textOf } from './pieces.js';

/**
 * The transcript with these edits in it: everything that the formats show of speakers and words. Without edits it is
 * the very same one, and so is every segment that no edit touches.
 */
export function applyEdits(transcript: Transcript, edits: Edits): Transcript {
  const hasNames = Object.keys(edits.speakers).length > 0;
  const corrections = correctionsOf(edits);
  if (!hasNames && corrections.size === 0) return transcript;
  const segments = transcript.segments.map((segment) => {
    const corrected = correctSegment(segment, corrections.get(segment.id));
    return hasNames ? renameIn(corrected, edits) : corrected;
  });
  const hasCorrections = segments.some(({ text }, at) => text !== transcript.segments[at]?.text);
  return {
    ...transcript,
    segments,
    ...(hasCorrections && { text: joinTexts(segments) }),
    ...(hasNames && renamedSpeakers(transcript, edits)),
  };
}

function correctSegment(
  segment: Segment,
  corrections: ReadonlyMap<number, string> | undefined,
): Segment {
  if (corrections === undefined) return segment;
  const pieces = correctedPieces(segment, corrections);
  const words = pieces.flatMap(({ source, text, original, confidence }): Word[] => {
    if (source === undefined) return [];
    return [text === original ? source : { ...source, text, confidence }];
  });
  // Words that are not those of the text stay what was heard.
  const areOwn = words.length > 0 || pieces.length === 0;
  return { ...segment, text: textOf(pieces), words: areOwn ? words : segment.words };
}

/** A segment of which every word was taken away has no text, and leaves no gap. */
function joinTexts(segments: readonly Segment[]): string {
  return segments
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(' ');
}

function renameIn(segment: Segment, edits: Edits): Segment {
  const words = segment.words.map((word) =>
    word.speaker === undefined ? word : { ...word, speaker: currentName(edits, word.speaker) },
  );
  const { speaker } = segment;
  return { ...segment, words, ...(speaker && { speaker: currentName(edits, speaker) }) };
}

/** Who is in a transcript and who is heard when, by the names that they have now. */
export function renamedSpeakers(
  { speakers, turns }: Transcript,
  edits: Edits,
): Pick<Transcript, 'speakers' | 'turns'> {
  const called = turns && joinTurns(turns.map((turn) => renamedTurn(turn, edits)));
  return {
    ...(speakers && { speakers: joinSpeakers(speakers, edits, called ?? []) }),
    ...(called && { turns: called }),
  };
}

function renamedTurn(turn: SpeakerTurn, edits: Edits): SpeakerTurn {
  return { ...turn, speaker: currentName(edits, turn.speaker) };
}

/** Who became one person is heard where any of them was: together not the sum, where they spoke at once. */
function joinSpeakers(
  speakers: readonly Speaker[],
  edits: Edits,
  turns: readonly SpeakerTurn[],
): Speaker[] {
  const byName = new Map<string, Speaker[]>();
  for (const speaker of speakers) {
    const name = currentName(edits, speaker.name);
    byName.set(name, [...(byName.get(name) ?? []), speaker]);
  }
  return [...byName].map(([name, same]) => {
    const sum = same.reduce((total, { seconds }) => total + seconds, 0);
    const own = same.length > 1 ? turns.filter(({ speaker }) => speaker === name) : [];
    const heard = own.reduce((total, { start, end }) => total + end - start, 0);
    return { name, seconds: own.length > 0 ? Math.min(sum, heard) : sum };
  });
}

/** Turns of one speaker that overlap become one. */
function joinTurns(turns: readonly SpeakerTurn[]): SpeakerTurn[] {
  const joined: SpeakerTurn[] = [];
  const last = new Map<string, number>();
  for (const turn of turns) {
    const at = last.get(turn.speaker) ?? -1;
    const before = joined[at];
    if (before !== undefined && turn.start < before.end) {
      joined[at] = { ...before, end: Math.max(before.end, turn.end) };
    } else {
      last.set(turn.speaker, joined.length);
      joined.push(turn);
    }
  }
  return joined;
}

import type { Segment, Transcript } from '#utils/transcript/types.js';
import { hasSpeakers, lineLabel } from './speaker-label.js';

/**
 * OpenAI's `text`: the bare text and a line break, as a terminal likes it. With speakers there is a line for each turn,
 * `Alice: …`: what one speaker says until somebody else does.
 */
export function renderText(transcript: Transcript): string {
  if (!hasSpeakers(transcript)) return `${transcript.text}\n`;
  const lines = spokenTurns(transcript.segments).map(({ speaker, text }) =>
    speaker === undefined ? text : `${lineLabel(speaker)}: ${text}`,
  );
  return `${lines.join('\n')}\n`;
}

type SpokenTurn = { readonly speaker: string | undefined; text: string };

function spokenTurns(segments: readonly Segment[]): SpokenTurn[] {
  const turns: SpokenTurn[] = [];
  for (const { speaker, text: raw } of segments) {
    const text = raw.replace(/\s+/gu, ' ').trim();
    if (text === '') continue;
    const open = turns.at(-1);
    if (open !== undefined && open.speaker === speaker) open.text += ` ${text}`;
    else turns.push({ speaker, text });
  }
  return turns;
}

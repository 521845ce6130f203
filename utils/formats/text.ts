import type { Transcript } from '#utils/transcript/types.js';

/** OpenAI's `text`: the bare text and a line break, as a terminal likes it. */
export function renderText(transcript: Transcript): string {
  return `${transcript.text}\n`;
}

import type { Transcript } from '#utils/transcript/types.js';
import { durationUsage } from './usage.js';

/** OpenAI's `json`: the text and what was used, nothing else (strict typed clients reject further keys). */
export function renderJson(transcript: Transcript): string {
  return JSON.stringify({ text: transcript.text, usage: durationUsage(transcript.duration) });
}

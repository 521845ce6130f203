import type { Transcript } from '#utils/transcript/types.js';
import { spokenCues } from './speaker-cues.js';
import { writeSubtitleFile } from './subtitle-file.js';

/**
 * SubRip subtitles; long segments are cut into readable cues. No speech gives an empty file. With speakers each cue
 * begins with its speaker, `Alice: …`; the name counts among the characters that a cue may have.
 */
export function renderSrt(transcript: Transcript): string {
  const cues = spokenCues(transcript, { labelLength: (speaker) => labelOf(speaker).length });
  return writeSubtitleFile(
    cues.map((cue) => (cue.speaker ? { ...cue, text: labelOf(cue.speaker) + cue.text } : cue)),
    {
      format: 'SRT',
      // SubRip knows no escapes, and a reader that meets an arrow takes the line for times.
      escapeText: (text) => text.replace(/-{2,}>/g, '->'),
    },
  );
}

function labelOf(speaker: string): string {
  return `${speaker}: `;
}

import { cuesFromSegments } from '#utils/text/cues.js';
import type { Transcript } from '#utils/transcript/types.js';
import { writeSubtitleFile } from './subtitle-file.js';

/** WebVTT subtitles; long segments are cut into readable cues. No speech gives the header alone. */
export function renderVtt(transcript: Transcript): string {
  return writeSubtitleFile(cuesFromSegments(transcript.segments), {
    format: 'WebVTT',
    escapeText: escapeCueText,
  });
}

/** Cue text is markup: what looks like a tag, an entity or an arrow has to be written as an entity. */
function escapeCueText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

import { cuesFromSegments } from '#utils/text/cues.js';
import type { Transcript } from '#utils/transcript/types.js';
import { writeSubtitleFile } from './subtitle-file.js';

/** SubRip subtitles; long segments are cut into readable cues. No speech gives an empty file. */
export function renderSrt(transcript: Transcript): string {
  return writeSubtitleFile(cuesFromSegments(transcript.segments), {
    format: 'SRT',
    // SubRip knows no escapes, and a reader that meets an arrow takes the line for times.
    escapeText: (text) => text.replaceAll('-->', '->'),
  });
}

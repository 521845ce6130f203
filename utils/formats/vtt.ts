import type { Transcript } from '#utils/transcript/types.js';
import { type SpokenCue, spokenCues } from './speaker-cues.js';
import { writeSubtitleFile } from './subtitle-file.js';

/**
 * WebVTT subtitles; long segments are cut into readable cues. No speech gives the header alone. With speakers each cue
 * is a voice span, `<v Alice>…`, whose end tag the specification lets out where the span is the whole cue.
 */
export function renderVtt(transcript: Transcript): string {
  return writeSubtitleFile(
    spokenCues(transcript).map((cue) => ({ ...cue, text: cueText(cue) })),
    { format: 'WebVTT', escapeText: (markup) => markup },
  );
}

function cueText({ speaker, text }: SpokenCue): string {
  return speaker ? `<v ${escapeMarkup(speaker)}>${escapeMarkup(text)}` : escapeMarkup(text);
}

/**
 * What looks like a tag, an entity or an arrow has to be written as an entity. The same holds in the annotation of a
 * tag: it ends at the first `>`, and entities are read in it (https://www.w3.org/TR/webvtt1/#webvtt-cue-span-start-tag-annotation-text).
 */
function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

import { type ResponseFormat, renderTranscript } from '#utils/formats/index.js';
import type { Rendering } from '#utils/transcript/document.js';
import type { Transcript } from '#utils/transcript/types.js';
import { applyEdits } from './apply-edits.js';
import type { Edits } from './edits.js';

/** A file to keep or to paste. */
export type WrittenFile = {
  readonly name: string;
  readonly contentType: string;
  readonly body: string;
};

/** Endings by which files of several formats stay apart. */
const ENDINGS: Readonly<Record<ResponseFormat, string>> = {
  json: '.json',
  text: '.txt',
  srt: '.srt',
  vtt: '.vtt',
  verbose_json: '.verbose.json',
  diarized_json: '.diarized.json',
};

/**
 * A transcript in a format, by the code that writes the API's answers: without edits they are the same byte for byte.
 * Throws TypeError for `diarized_json` of a transcript without speakers.
 */
export function writeFormat(options: {
  readonly transcript: Transcript;
  readonly edits: Edits;
  readonly rendering: Rendering;
  readonly format: ResponseFormat;
  /** Name of the recording's file. */
  readonly title: string;
}): WrittenFile {
  const { transcript, edits, rendering, format, title } = options;
  const edited = applyEdits(transcript, edits);
  const { contentType, body } = renderTranscript(edited, { ...rendering, format });
  return {
    name: `${title.replace(/\.[^./\\]{1,5}$/, '') || 'transcript'}${ENDINGS[format]}`,
    contentType,
    body,
  };
}

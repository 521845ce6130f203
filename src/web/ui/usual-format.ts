import { type ResponseFormat, responseFormats } from '#utils/formats/index.js';
import { remember, remembered } from '../storage/remembered.js';

/** Formats as the page names them. */
export const FORMAT_LABELS: Readonly<Record<ResponseFormat, string>> = {
  text: 'Text',
  srt: 'Subtitles (srt)',
  vtt: 'Subtitles (vtt)',
  json: 'json',
  verbose_json: 'verbose_json, with times',
  diarized_json: 'diarized_json, with speakers',
};

/** Those that every transcript has. */
export const USUAL_FORMATS: readonly ResponseFormat[] = responseFormats.filter(
  (each) => each !== 'diarized_json',
);

/** In which transcripts are copied and saved: the one that was chosen last. */
export function usualFormat(): ResponseFormat {
  const last = remembered('format');
  return USUAL_FORMATS.find((each) => each === last) ?? 'text';
}

export function rememberFormat(format: ResponseFormat): void {
  remember('format', format);
}

import type { Transcript } from '#utils/transcript/types.js';
import { renderDiarizedJson } from './diarized-json.js';
import { renderJson } from './json.js';
import { renderSrt } from './srt.js';
import { renderText } from './text.js';
import type { RenderedTranscript, RenderOptions, ResponseFormat } from './types.js';
import { renderVerboseJson } from './verbose-json.js';
import { renderVtt } from './vtt.js';

const JSON_TYPE = 'application/json; charset=utf-8';
/** Also for subtitles: OpenAI's SDK for Node decides by this header whether the body is a string. */
const TEXT_TYPE = 'text/plain; charset=utf-8';

type Writer = {
  readonly contentType: string;
  readonly write: (transcript: Transcript, options: RenderOptions) => string;
};

const writers: Readonly<Record<ResponseFormat, Writer>> = {
  json: { contentType: JSON_TYPE, write: renderJson },
  text: { contentType: TEXT_TYPE, write: renderText },
  srt: { contentType: TEXT_TYPE, write: renderSrt },
  vtt: { contentType: TEXT_TYPE, write: renderVtt },
  diarized_json: { contentType: JSON_TYPE, write: renderDiarizedJson },
  verbose_json: { contentType: JSON_TYPE, write: renderVerboseJson },
};

/** Writes a transcript in one of OpenAI's response formats. Pure: the same transcript gives the same bytes. */
export function renderTranscript(
  transcript: Transcript,
  options: RenderOptions,
): RenderedTranscript {
  const { contentType, write } = writers[options.format];
  return { contentType, body: write(transcript, options) };
}

export { doneEvent, type StreamEvent, segmentEvent } from './stream.js';
export * from './types.js';

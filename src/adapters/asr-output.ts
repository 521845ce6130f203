import { type RenderedTranscript, renderTranscript } from '#utils/formats/index.js';
import { verboseSegment } from '#utils/formats/verbose-json.js';
import { languageName } from '#utils/languages/languages.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import type { AsrOutput } from './asr-query.js';

/** As whisper-asr-webservice answers, whatever the output is. */
const CONTENT_TYPE = 'text/plain; charset=utf-8';

/** A transcript in one of the outputs of whisper-asr-webservice. */
export function renderAsr(
  transcript: Transcript,
  options: { readonly output: AsrOutput; readonly hasWords: boolean },
): RenderedTranscript {
  return { contentType: CONTENT_TYPE, body: bodyOf(transcript, options) };
}

function bodyOf(
  transcript: Transcript,
  { output, hasWords }: { readonly output: AsrOutput; readonly hasWords: boolean },
): string {
  if (output === 'json') return JSON.stringify(asrJson(transcript, hasWords));
  if (output === 'tsv') return asrTable(transcript);
  const format = output === 'txt' ? 'text' : output;
  const name = languageName(transcript.language);
  return renderTranscript(transcript, { format, languageName: name }).body;
}

function asrJson(transcript: Transcript, hasWords: boolean) {
  return {
    text: transcript.text,
    segments: transcript.segments.map((segment) => ({
      ...verboseSegment(segment),
      ...(hasWords && {
        words: segment.words.map(({ text, start, end, confidence }) => ({
          word: ` ${text}`,
          start: toMs(start) / 1000,
          end: toMs(end) / 1000,
          probability: confidence,
        })),
      }),
      ...(segment.speaker !== undefined && { speaker: segment.speaker }),
    })),
    language: transcript.language,
  };
}

/** Whole milliseconds, and one line for each segment: a tab or a line break in a text would break the table. */
function asrTable({ segments }: Transcript): string {
  const rows = segments.map((segment) =>
    [toMs(segment.start), toMs(segment.end), lineOf(segment)].join('\t'),
  );
  return ['start\tend\ttext', ...rows, ''].join('\n');
}

function lineOf({ speaker, text }: Segment): string {
  return `${speaker === undefined ? '' : `${speaker}: `}${text}`.replace(/\s+/g, ' ');
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}

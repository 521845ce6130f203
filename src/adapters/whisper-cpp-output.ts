import type { SpeechTask } from '#services/asr/types.js';
import { type RenderedTranscript, renderTranscript } from '#utils/formats/index.js';
import { verboseSegment } from '#utils/formats/verbose-json.js';
import { languageName } from '#utils/languages/languages.js';
import type { Segment, Transcript } from '#utils/transcript/types.js';
import type { WhisperCppFormat } from './whisper-cpp-fields.js';

const CONTENT_TYPES: Readonly<Record<WhisperCppFormat, string>> = {
  json: 'application/json; charset=utf-8',
  verbose_json: 'application/json; charset=utf-8',
  // whisper.cpp says text/html, in which a browser would run what somebody said.
  text: 'text/plain; charset=utf-8',
  srt: 'application/x-subrip; charset=utf-8',
  vtt: 'text/vtt; charset=utf-8',
};

export type WhisperCppOptions = {
  readonly format: WhisperCppFormat;
  readonly task: SpeechTask;
  readonly hasTimes: boolean;
};

/** A transcript in one of the formats of whisper.cpp's server. */
export function renderWhisperCpp(
  transcript: Transcript,
  options: WhisperCppOptions,
): RenderedTranscript {
  return { contentType: CONTENT_TYPES[options.format], body: bodyOf(transcript, options) };
}

function bodyOf(transcript: Transcript, options: WhisperCppOptions): string {
  const { format } = options;
  if (format === 'json') return JSON.stringify({ text: linesOf(transcript) });
  if (format === 'text') return linesOf(transcript);
  if (format === 'verbose_json') return JSON.stringify(verboseJson(transcript, options));
  const name = languageName(transcript.language);
  return renderTranscript(transcript, { format, languageName: name }).body;
}

/** A line for each segment, each beginning with a space, as Whisper's tokens do. */
function linesOf({ segments }: Transcript): string {
  return segments
    .map(({ speaker, text }) => `${speaker === undefined ? '' : ` ${speaker}:`} ${text}\n`)
    .join('');
}

function verboseJson(transcript: Transcript, { task, hasTimes }: WhisperCppOptions) {
  const name = languageName(transcript.language);
  return {
    task,
    language: name,
    duration: transcript.duration,
    text: linesOf(transcript),
    segments: transcript.segments.map((segment) => verboseEntry(segment, hasTimes)),
    detected_language: name,
  };
}

function verboseEntry(segment: Segment, hasTimes: boolean) {
  const { id, text, start, end, tokens, temperature, avg_logprob, no_speech_prob } =
    verboseSegment(segment);
  return {
    id,
    text,
    ...(hasTimes && { start, end }),
    tokens,
    words: segment.words.map((word) => ({
      word: ` ${word.text}`,
      // -1 says there, as here, that no times were found by dynamic time warping.
      ...(hasTimes && { start: word.start, end: word.end, t_dtw: -1 }),
      probability: word.confidence,
    })),
    temperature,
    avg_logprob,
    no_speech_prob,
    ...(segment.speaker !== undefined && { speaker: segment.speaker }),
  };
}

import type { Granularity, RenderOptions } from '#utils/formats/types.js';
import type { Segment, Speaker, SpeakerTurn, TokenPiece, Transcript, Word } from './types.js';

/** How a request wanted its transcript written, whatever the format. */
export type Rendering = Omit<RenderOptions, 'format'>;

/**
 * A transcript with all that is known of it, and how it is to be written, as JSON: whoever reads it back writes every
 * format exactly as the server does. Times are not rounded.
 */
export type TranscriptDocument = {
  readonly object: 'transcription.transcript';
  readonly language: string;
  readonly languages: readonly string[];
  readonly duration: number;
  readonly text: string;
  readonly segments: readonly DocumentSegment[];
  /** Absent where speakers were not asked for, as are `turns`. */
  readonly speakers?: readonly Speaker[];
  readonly turns?: readonly SpeakerTurn[];
  readonly rendering: DocumentRendering;
};

export type DocumentSegment = {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly language?: string;
  readonly speaker?: string;
  readonly words: readonly DocumentWord[];
  readonly tokens: readonly number[];
  readonly temperature: number;
  readonly avg_logprob: number;
  readonly compression_ratio: number;
  readonly no_speech_prob: number;
};

export type DocumentWord = {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
  readonly speaker?: string;
  /** Where log-probabilities were asked for. */
  readonly logprobs?: readonly { readonly bytes: readonly number[]; readonly logprob: number }[];
};

export type DocumentRendering = {
  readonly task: 'transcribe' | 'translate';
  readonly language_name: string;
  readonly timestamp_granularities: readonly Granularity[];
  readonly speaker_detail: boolean;
  readonly logprobs: boolean;
  readonly languages: boolean;
};

/** What JSON has no word for (infinities, NaN) becomes null in it, which formats read as they read these: as 0. */
export function transcriptDocument(
  transcript: Transcript,
  rendering: Rendering,
): TranscriptDocument {
  const { language, languages, duration, text, segments, speakers, turns } = transcript;
  return {
    object: 'transcription.transcript',
    language,
    languages,
    duration,
    text,
    segments: segments.map(documentSegment),
    ...(speakers && { speakers }),
    ...(turns && { turns }),
    rendering: {
      task: rendering.task ?? 'transcribe',
      language_name: rendering.languageName,
      timestamp_granularities: rendering.granularities ?? [],
      speaker_detail: rendering.speakerDetail ?? false,
      logprobs: rendering.logprobs ?? false,
      languages: rendering.languages ?? false,
    },
  };
}

function documentSegment(segment: Segment): DocumentSegment {
  const { id, start, end, text, language, speaker, words, tokens, temperature } = segment;
  return {
    id,
    start,
    end,
    text,
    ...(language !== undefined && { language }),
    ...(speaker !== undefined && { speaker }),
    words: words.map(documentWord),
    tokens,
    temperature,
    avg_logprob: segment.avgLogprob,
    compression_ratio: segment.compressionRatio,
    no_speech_prob: segment.noSpeechProb,
  };
}

function documentWord({ text, start, end, confidence, speaker, pieces }: Word): DocumentWord {
  return {
    word: text,
    start,
    end,
    confidence,
    ...(speaker !== undefined && { speaker }),
    ...(pieces && {
      logprobs: pieces.map(({ bytes, logprob }) => ({ bytes: [...bytes], logprob })),
    }),
  };
}

/** The transcript of a document that `transcriptDocument` made, and how it is to be written. */
export function readTranscriptDocument(document: TranscriptDocument): {
  readonly transcript: Transcript;
  readonly rendering: Rendering;
} {
  const { language, languages, duration, text, speakers, turns, rendering } = document;
  const segments = document.segments.map(segmentOf);
  return {
    transcript: {
      language,
      languages,
      duration,
      text,
      segments,
      ...(speakers && { speakers }),
      ...(turns && { turns }),
    },
    rendering: {
      task: rendering.task,
      languageName: rendering.language_name,
      granularities: rendering.timestamp_granularities,
      speakerDetail: rendering.speaker_detail,
      logprobs: rendering.logprobs,
      languages: rendering.languages,
    },
  };
}

function segmentOf(segment: DocumentSegment): Segment {
  const { id, start, end, text, language, speaker, words, tokens, temperature } = segment;
  return {
    id,
    start,
    end,
    text,
    ...(language !== undefined && { language }),
    ...(speaker !== undefined && { speaker }),
    words: words.map(wordOf),
    tokens,
    temperature,
    avgLogprob: segment.avg_logprob,
    compressionRatio: segment.compression_ratio,
    noSpeechProb: segment.no_speech_prob,
  };
}

function wordOf({ word, start, end, confidence, speaker, logprobs }: DocumentWord): Word {
  const pieces = logprobs?.map(
    ({ bytes, logprob }): TokenPiece => ({ bytes: Uint8Array.from(bytes), logprob }),
  );
  return {
    text: word,
    start,
    end,
    confidence,
    ...(speaker !== undefined && { speaker }),
    ...(pieces && { pieces }),
  };
}

import type { Segment, Transcript, Word } from '#utils/transcript/types.js';

/** What is read of `verbose_json` with words, segments and speakers. */
export type VerboseJson = {
  readonly language: string;
  readonly duration: number;
  readonly text: string;
  readonly segments?: readonly VerboseSegment[];
  readonly words?: readonly VerboseWord[];
};

type VerboseSegment = {
  readonly id: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly speaker?: string;
};

type VerboseWord = {
  readonly word: string;
  readonly start: number;
  readonly end: number;
  readonly speaker?: string;
};

/** Makes a transcript of the answer of a job. A placeholder: segments without words. */
export function transcriptFromVerboseJson(body: VerboseJson): Transcript {
  const segments = (body.segments ?? []).map(toSegment);
  return {
    language: body.language,
    languages: [body.language],
    duration: body.duration,
    text: body.text,
    segments,
  };
}

function toSegment({ id, start, end, text, speaker }: VerboseSegment): Segment {
  const words: readonly Word[] = [];
  return {
    id,
    start,
    end,
    text: text.trim(),
    words,
    tokens: [],
    temperature: 0,
    avgLogprob: 0,
    compressionRatio: 0,
    noSpeechProb: 0,
    ...(speaker !== undefined && { speaker }),
  };
}

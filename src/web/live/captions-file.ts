import { type ResponseFormat, renderTranscript } from '#utils/formats/index.js';
import type { Segment, Transcript, Word } from '#utils/transcript/types.js';
import { type Caption, type CaptionPart, spoken } from './captions.js';

/** The captions as a file, written by what writes the API's. */
export function captionsFile(
  captions: readonly Caption[],
  format: Extract<ResponseFormat, 'text' | 'vtt'>,
): string {
  return renderTranscript(transcriptOf(spoken(captions)), { format, languageName: 'english' }).body;
}

function transcriptOf(captions: readonly Caption[]): Transcript {
  const parts = captions.flatMap((caption): Omit<CaptionPart, 'speaker'>[] =>
    caption.parts.length > 0 ? [...caption.parts] : [caption],
  );
  const segments = parts.map(segmentOf);
  const names = new Set(segments.flatMap(({ speaker }) => speaker ?? []));
  const language = '';
  return {
    language,
    languages: [],
    duration: segments.at(-1)?.end ?? 0,
    text: segments.map(({ text }) => text).join(' '),
    segments,
    ...(names.size > 0 && { speakers: [...names].map((name) => ({ name, seconds: 0 })) }),
  };
}

function segmentOf(
  { start, end, text, speaker }: Omit<CaptionPart, 'speaker'> & Partial<CaptionPart>,
  id: number,
): Segment {
  return {
    id,
    start,
    end: Math.max(end, start),
    text,
    words: wordsOf({ start, end, text }),
    tokens: [],
    temperature: 0,
    avgLogprob: 0,
    compressionRatio: 0,
    noSpeechProb: 0,
    ...(speaker !== undefined && { speaker }),
  };
}

/** The session does not tell when each word was said: they share the time by their length. */
function wordsOf({ start, end, text }: Omit<CaptionPart, 'speaker'>): readonly Word[] {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const letters = words.reduce((sum, word) => sum + word.length, 0);
  let at = start;
  return words.map((word) => {
    const from = at;
    at += ((end - start) * word.length) / letters;
    return { text: word, start: from, end: at, confidence: 1 };
  });
}

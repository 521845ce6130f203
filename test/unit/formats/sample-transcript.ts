import type { Segment, Transcript, Word } from '#utils/transcript/types.js';

/** A segment whose words follow each other evenly from `start`, `perWord` seconds each. */
export function segmentOf(options: {
  id?: number;
  text: string;
  start: number;
  perWord?: number;
}): Segment {
  const { id = 0, text, start, perWord = 0.5 } = options;
  const words: Word[] = text.split(/\s+/).map((word, index) => ({
    text: word,
    start: start + index * perWord,
    end: start + (index + 1) * perWord,
    confidence: 0.9,
  }));
  return {
    id,
    start,
    end: start + words.length * perWord,
    text,
    words,
    tokens: [1, 2, 3],
    temperature: 0,
    avgLogprob: -0.25,
    compressionRatio: 1.1,
    noSpeechProb: 0.01,
  };
}

export function transcriptOf(segments: readonly Segment[], duration: number): Transcript {
  return {
    language: 'en',
    languages: ['en'],
    duration,
    text: segments.map((segment) => segment.text).join(' '),
    segments,
  };
}

import type { IdentifiedTurn } from '#services/diarization/types.js';
import type { Segment, Word } from '#utils/transcript/types.js';

/** Words that fill the time from `start` to `end` evenly, two tokens each. */
export function words(text: string, start: number, end: number): Word[] {
  const texts = text.split(' ');
  const each = (end - start) / texts.length;
  return texts.map((text, index) => ({
    text,
    start: start + index * each,
    end: start + (index + 1) * each,
    confidence: 0.9,
    tokenCount: 2,
  }));
}

export function segment(id: number, ...parts: readonly Word[][]): Segment {
  const all = parts.flat();
  return {
    id,
    start: all[0]?.start ?? 0,
    end: all.at(-1)?.end ?? 0,
    text: all.map(({ text }) => text).join(' '),
    words: all,
    tokens: all.flatMap((_, index) => [100 * id + 2 * index, 100 * id + 2 * index + 1]),
    temperature: 0,
    avgLogprob: -0.1,
    compressionRatio: 1,
    noSpeechProb: 0.1,
  };
}

export function turn(speaker: number, start: number, end: number): IdentifiedTurn {
  return { speaker, start, end };
}

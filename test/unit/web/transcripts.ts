import type { Segment, Transcript } from '#utils/transcript/types.js';

/** A segment whose words last half a second each. */
export function spoken(id: number, start: number, text: string, speaker?: string): Segment {
  const said = speaker === undefined ? {} : { speaker };
  const words = text.split(' ').map((word, index) => ({
    text: word,
    start: start + index / 2,
    end: start + (index + 1) / 2,
    confidence: 0.9,
    ...said,
  }));
  const end = start + words.length / 2;
  const measures = { temperature: 0, avgLogprob: -0.1, compressionRatio: 1, noSpeechProb: 0 };
  return { id, start, end, text, words, tokens: [1, 2], ...measures, ...said };
}

export function transcriptOf(segments: readonly Segment[]): Transcript {
  const names = [...new Set(segments.flatMap(({ speaker }) => speaker ?? []))];
  const turns = segments.flatMap(({ start, end, speaker }) =>
    speaker === undefined ? [] : [{ start, end, speaker }],
  );
  const seconds = (name: string) =>
    turns.reduce((sum, turn) => sum + (turn.speaker === name ? turn.end - turn.start : 0), 0);
  return {
    language: 'en',
    languages: ['en'],
    duration: segments.at(-1)?.end ?? 0,
    text: segments.map(({ text }) => text).join(' '),
    segments,
    ...(names.length > 0 && {
      speakers: names.map((name) => ({ name, seconds: seconds(name) })),
      turns,
    }),
  };
}

/** A, B, A, C: six, three, three and four words. */
export function conversation(): Transcript {
  return transcriptOf([
    spoken(0, 0, 'We spent less on travel, mostly.', 'A'),
    spoken(1, 4, 'In theory yes.', 'B'),
    spoken(2, 6, 'Could we talk?', 'A'),
    spoken(3, 8, 'Naïve café—owners cannot.', 'C'),
  ]);
}

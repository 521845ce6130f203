import type { ChunkResult } from '#services/transcription/chunk-result.js';
import type { Segment, Transcript, Word } from '#utils/transcript/types.js';

/** A transcript with all that one may hold; `text` is what its first word says. */
export function sampleTranscript(text = 'Grüße,'): Transcript {
  const segments = [sampleSegment({ id: 0, start: 0.5, text }), sampleSegment({ id: 1, start: 9 })];
  return {
    language: 'de',
    languages: ['de', 'en'],
    duration: 20.25,
    text: segments.map((segment) => segment.text).join(' '),
    segments,
    speakers: [
      { name: 'A', seconds: 7.5 },
      { name: 'Ängström', seconds: 3 },
    ],
    turns: [{ start: 0.5, end: 2, speaker: 'A' }],
  };
}

/** A chunk with a track of a voice. */
export function sampleChunk(more: Partial<ChunkResult> = {}): ChunkResult {
  const { id: _, ...segment } = sampleSegment({ id: 0, start: 1 });
  return {
    index: 0,
    start: 0,
    end: 30,
    ownUntil: 25,
    nextStart: 20,
    windows: [
      { end: 15, segments: [{ ...segment, language: 'en' }] },
      { end: 30, segments: [] },
    ],
    tracks: {
      start: 0,
      end: 30,
      tracks: [
        {
          embedding: Float32Array.from({ length: 256 }, (_each, index) => Math.sin(index) / 16),
          cohesion: 0.9,
          seconds: 12.5,
          squares: 3.25,
          turns: [{ start: 1, end: 4 }],
        },
      ],
      asides: [{ track: 0, embedding: new Float32Array([0.6, -0.8]), turns: [] }],
      ties: [{ one: 0, other: 1, weight: -0.25 }],
    },
    ...more,
  };
}

function sampleSegment(of: { id: number; start: number; text?: string }): Segment {
  const { id, start, text = 'hello' } = of;
  const words: Word[] = [
    {
      text,
      start,
      end: start + 0.25,
      confidence: 0.875,
      tokenCount: 2,
      pieces: [
        { bytes: new Uint8Array(Buffer.from(` ${text}`).subarray(0, 3)), logprob: -0.125 },
        { bytes: new Uint8Array([0xc3]), logprob: Number.NEGATIVE_INFINITY },
      ],
      speaker: 'A',
    },
    { text: 'world', start: start + 0.5, end: start + 1, confidence: 0 },
  ];
  return {
    id,
    start,
    end: start + 1,
    text: `${text} world`,
    words,
    tokens: [1, 50_000],
    temperature: 0,
    avgLogprob: -0.3,
    compressionRatio: 0.7,
    noSpeechProb: 0.01,
    speaker: 'A',
  };
}

import type { DocumentSegment, TranscriptDocument } from '#utils/transcript/document.js';
import { seededRandom } from '../support/random.js';

const VOCABULARY =
  'the of we spent less on travel and a little more electricity in theory yes but only have one working chamber since flood could run vibration test parallel with heat'.split(
    ' ',
  );
const SPEAKERS = ['A', 'B', 'C', 'D'];
const SECONDS_PER_WORD = 0.36;
const LEAST_WORDS = 5;
const MOST_WORDS = 64;

/** A made-up conversation of four people: 100,000 words are ten hours. The same words each time. */
export function longDocument(words: number): TranscriptDocument {
  const random = seededRandom(1);
  const pick = <Value>(values: readonly Value[]) =>
    values[Math.floor(random() * values.length)] as Value;
  const segments: DocumentSegment[] = [];
  for (let made = 0; made < words; ) {
    const wanted = LEAST_WORDS + Math.floor(random() * (MOST_WORDS - LEAST_WORDS));
    const texts = Array.from({ length: Math.min(wanted, words - made) }, () => pick(VOCABULARY));
    texts.push(`${texts.pop()}.`);
    segments.push(segmentOf({ id: segments.length, first: made, texts, speaker: pick(SPEAKERS) }));
    made += texts.length;
  }
  const duration = words * SECONDS_PER_WORD;
  const turns = segments.map(({ start, end, speaker = '' }) => ({ start, end, speaker }));
  return {
    object: 'transcription.transcript',
    language: 'en',
    languages: ['en'],
    duration,
    text: segments.map(({ text }) => text).join(' '),
    segments,
    speakers: SPEAKERS.map((name) => ({ name, seconds: duration / SPEAKERS.length })),
    turns,
    rendering: {
      task: 'transcribe',
      language_name: 'english',
      timestamp_granularities: ['word', 'segment'],
      speaker_detail: true,
      logprobs: false,
      languages: false,
    },
  };
}

function segmentOf(options: {
  readonly id: number;
  /** Number of its first word. */
  readonly first: number;
  readonly texts: readonly string[];
  readonly speaker: string;
}): DocumentSegment {
  const { id, first, texts, speaker } = options;
  const words = texts.map((word, index) => {
    const start = (first + index) * SECONDS_PER_WORD;
    return { word, start, end: start + 0.3, confidence: 0.95, speaker };
  });
  return {
    id,
    start: first * SECONDS_PER_WORD,
    end: (first + texts.length) * SECONDS_PER_WORD,
    text: texts.join(' '),
    speaker,
    words,
    tokens: [],
    temperature: 0,
    avg_logprob: -0.1,
    compression_ratio: 1,
    no_speech_prob: 0,
  };
}

import { type RecognisedSegment, SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import type { Segment } from '#utils/transcript/types.js';
import { compressionRatio } from './compression-ratio.js';
import { placeWords } from './place-words.js';
import type { PlannedSegment } from './plan-segments.js';
import type { AudioWindow } from './read-windows.js';

/** A segment before it has its number in the recording. */
export type UnnumberedSegment = Omit<Segment, 'id'> & { readonly language: string };

export type RecogniseWindowOptions = {
  readonly speech: SpeechService;
  readonly language?: string;
  readonly prompt?: string;
  readonly signal: AbortSignal;
};

/**
 * Recognises every segment of a window. Segments of about the same length share a batch (little padding); which ones do
 * is decided by the window alone, so the same recording always gives the same result.
 */
export async function recogniseWindow(
  window: AudioWindow,
  { speech, language, prompt, signal }: RecogniseWindowOptions,
): Promise<UnnumberedSegment[]> {
  const options = { ...(language !== undefined && { language }), ...(prompt !== undefined && { prompt }) };
  const results = await Promise.all(
    batchesByLength(window.segments, speech.batchSize).map(async (batch) => {
      const recognised = await speech.recognise(
        batch.map((segment) => ({ samples: cut(window, segment) })),
        options,
        { signal },
      );
      return batch.map((segment, index) => finished(segment, recognised[index] as RecognisedSegment));
    }),
  );
  return results
    .flat()
    .filter(({ text }) => text !== '')
    .sort((one, other) => one.start - other.start);
}

function batchesByLength(
  segments: readonly PlannedSegment[],
  batchSize: number,
): PlannedSegment[][] {
  // Longest first: two hosts then end at about the same time.
  const sorted = [...segments].sort(
    (one, other) => other.end - other.start - (one.end - one.start) || one.start - other.start,
  );
  const batches: PlannedSegment[][] = [];
  for (let at = 0; at < sorted.length; at += batchSize) batches.push(sorted.slice(at, at + batchSize));
  return batches;
}

function cut({ start, samples }: AudioWindow, segment: PlannedSegment): Int16Array {
  const at = (seconds: number) => Math.round((seconds - start) * SAMPLE_RATE);
  return samples.slice(at(segment.start), at(segment.end));
}

function finished(segment: PlannedSegment, recognised: RecognisedSegment): UnnumberedSegment {
  const words = placeWords(
    recognised.words.map((word) => ({
      ...word,
      start: word.start + segment.start,
      end: word.end + segment.start,
    })),
    segment.spans,
  );
  const speech = segment.spans.reduce((sum, { probability }) => sum + probability, 0);
  const { text, tokens, temperature, avgLogprob, language } = recognised;
  return {
    start: words[0]?.start ?? segment.start,
    end: words.at(-1)?.end ?? segment.end,
    text,
    words,
    tokens,
    temperature,
    avgLogprob,
    language,
    compressionRatio: compressionRatio(text),
    noSpeechProb: 1 - speech / segment.spans.length,
  };
}

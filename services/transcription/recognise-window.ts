import {
  type RecognisedSegment,
  type RecogniseOptions,
  SAMPLE_RATE,
  type SpeechService,
} from '#services/asr/types.js';
import type { CorrectSegment } from '#services/vocabulary/correct-segment.js';
import type { Segment } from '#utils/transcript/types.js';
import { batchesByLength } from './batches.js';
import { compressionRatio } from './compression-ratio.js';
import { placeWords } from './place-words.js';
import type { PlannedSegment } from './plan-segments.js';
import type { AudioWindow } from './read-windows.js';
import { betterReading, type Reading, secondCuts } from './second-pass.js';
import { misheardLanguages } from './settle-language.js';

/** A segment before it has its number in the recording. */
export type UnnumberedSegment = Omit<Segment, 'id'> & { readonly language: string };

export type RecogniseWindowOptions = {
  readonly speech: SpeechService;
  readonly hints: RecogniseOptions;
  /** Present: what is nearly a word that the request names is written as that word. */
  readonly correct?: CorrectSegment | undefined;
  readonly signal: AbortSignal;
};

/**
 * Recognises every segment of a window, the doubtful ones twice. Segments of about the same length share a batch; which
 * ones do is decided by the window alone, so the same recording always gives the same result.
 */
export async function recogniseWindow(
  window: AudioWindow,
  options: RecogniseWindowOptions,
): Promise<UnnumberedSegment[]> {
  const first = await inMainLanguage(
    window,
    await readAll(window, window.segments, options),
    options,
  );
  const cuts = new Map(first.map((reading) => [reading, secondCuts(reading)]));
  const second = new Map(
    (await readAll(window, [...cuts.values()].flat(), options)).map((reading) => [
      reading.segment,
      reading,
    ]),
  );
  return first
    .map((reading) => {
      const parts = (cuts.get(reading) ?? []).flatMap((part) => second.get(part) ?? []);
      const recognised = parts.length > 0 ? betterReading(reading, parts) : reading.recognised;
      return finished(reading.segment, recognised);
    })
    .filter(({ text }) => text !== '')
    .map((segment) => corrected(segment, options))
    .sort((one, other) => one.start - other.start);
}

/** Reads short segments again in the language of the window, where a model took them for another one. */
async function inMainLanguage(
  window: AudioWindow,
  readings: readonly Reading[],
  options: RecogniseWindowOptions,
): Promise<readonly Reading[]> {
  const misheard = options.hints.language === undefined ? misheardLanguages(readings) : undefined;
  if (misheard === undefined) return readings;
  const { languages: _, ...hints } = options.hints;
  const segments = misheard.readings.map(({ segment }) => segment);
  const again = await readAll(window, segments, {
    ...options,
    hints: { ...hints, language: misheard.language },
  });
  const bySegment = new Map(again.map((reading) => [reading.segment, reading]));
  return readings.map((reading) => bySegment.get(reading.segment) ?? reading);
}

async function readAll(
  window: AudioWindow,
  segments: readonly PlannedSegment[],
  { speech, hints, signal }: RecogniseWindowOptions,
): Promise<Reading[]> {
  const readings = await Promise.all(
    batchesByLength(segments, speech.batchSize).map(async (batch) => {
      const audio = batch.map((segment) => ({ samples: cut(window, segment) }));
      const recognised = await speech.recognise(audio, hints, { signal });
      return batch.map((segment, index) => ({
        segment,
        recognised: recognised[index] as RecognisedSegment,
      }));
    }),
  );
  return readings.flat();
}

function corrected(
  segment: UnnumberedSegment,
  { correct }: Pick<RecogniseWindowOptions, 'correct'>,
): UnnumberedSegment {
  const found = correct?.(segment) ?? segment;
  if (found === segment) return segment;
  return { ...found, compressionRatio: compressionRatio(found.text) };
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

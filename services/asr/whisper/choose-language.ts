import type { RecogniseOptions } from '../types.js';

/** Which language to decode in: one that is known beforehand, or the detected one if it will do. */
export type LanguageChoice = {
  /** Known beforehand; absent means: detect it. */
  readonly language: string | undefined;
  /** Whether a detected language will do. */
  accepts(detected: string): boolean;
  /** Used when it will not: the first candidate, since sherpa-onnx does not say how probable each one is. */
  readonly otherwise: string | undefined;
};

/** Candidates that the model does not know are left out; where none is left, any language will do. */
export function chooseLanguage(
  { language, languages = [] }: Pick<RecogniseOptions, 'language' | 'languages'>,
  known: readonly string[],
): LanguageChoice {
  const candidates = languages.filter((code) => known.includes(code));
  return {
    language: language ?? (candidates.length === 1 ? candidates[0] : undefined),
    accepts: (detected) => candidates.length === 0 || candidates.includes(detected),
    otherwise: candidates[0],
  };
}

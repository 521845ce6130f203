import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { createPunctuator, type Punctuator } from '#services/punctuation/punctuator.js';
import type { PunctuationSpec } from '#services/punctuation/types.js';
import type { Word } from '#utils/transcript/types.js';

const FILES = {
  'cnn-bilstm': ['model.int8.onnx', 'bpe.vocab'],
  'ct-transformer': ['model.int8.onnx'],
} as const;

export type PunctuationFamily = keyof typeof FILES;

/** The tiny model of a family: what it says of a word depends on the word alone; see test/fixtures/tiny-models. */
export function tinyPunctuation(
  family: PunctuationFamily,
  { modelDir, languages }: { modelDir?: string; languages?: readonly string[] } = {},
): PunctuationSpec {
  return {
    family,
    modelId: `tiny-${family}`,
    modelDir: modelDir ?? join(projectRoot, 'test/fixtures/tiny-models', family),
    modelFiles: FILES[family],
    languages: languages ?? (family === 'cnn-bilstm' ? ['en'] : ['zh', 'en']),
  };
}

/** Runs sherpa-onnx in the process of the test. */
export function openTiny(...families: PunctuationFamily[]): Promise<Punctuator> {
  return createPunctuator(families.map((family) => tinyPunctuation(family)));
}

/** Words of half a second each. */
export function worded(text: string): { text: string; words: Word[] } {
  return {
    text,
    words: text.split(' ').map((word, index) => ({
      text: word,
      start: index / 2,
      end: index / 2 + 0.4,
      confidence: 0.5,
      tokenCount: 1,
    })),
  };
}

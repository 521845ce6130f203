import type { OnnxOutline } from '../onnx/outline.js';
import { alignMarks } from './align-marks.js';
import { checkModelFile } from './model-files.js';
import { openPunctuation } from './sherpa.js';
import type { PunctuationModel, PunctuationSpec } from './types.js';

const ROLE = {
  inputs: ['inputs int32 2', 'text_lengths int32 1'],
  outputs: ['logits float 3'],
  metadata: ['vocab_size'],
  texts: ['tokens', 'punctuations', 'unk_symbol'],
};
/** sherpa-onnx looks these up by name and ends the process where one is missing. */
const NEEDED_MARKS = ['。', '，', '？', '、', '_'] as const;
/** All else is a token of its own for sherpa-onnx, comes back with spaces around it, or is taken for a mark. */
const NOT_OF_A_WORD = /[^\p{L}\p{M}\p{N}']/gu;

/**
 * Chinese and English punctuation: CT-Transformer (https://arxiv.org/abs/2003.01309) as FunASR exports it, which
 * sherpa-onnx calls offline punctuation. It writes Chinese marks, behind English words too, leaves capitals as they are,
 * and always ends with a full stop or a question mark.
 *
 * @returns What loads it, its file checked.
 * @throws WhosaidError `engine_unavailable` naming the file that sherpa-onnx could not use.
 */
export async function checkCtTransformer(spec: PunctuationSpec): Promise<() => PunctuationModel> {
  const ctTransformer = await checkModelFile(spec, ROLE, vocabularyProblem);
  return () => {
    const model = openPunctuation('OfflinePunctuation', { ctTransformer });
    return {
      markingsOf(words) {
        const plain = words.map((word) => word.replaceAll('’', "'").replace(NOT_OF_A_WORD, ''));
        const sounding = plain.filter((word) => word !== '');
        const marks = marksOf(sounding, (text) => model.addPunct(text));
        if (marks === undefined) return undefined;
        let next = 0;
        return plain.map((word) => ({
          mark: word === '' ? '' : (marks[next++] ?? ''),
          casing: 'kept',
        }));
      },
    };
  };
}

/**
 * sherpa-onnx loses what follows the last full stop that it finds in its last window of 20 words. What is lost is asked
 * for once more: a sentence has ended before it.
 */
function marksOf(
  words: readonly string[],
  addPunct: (text: string) => string,
): string[] | undefined {
  const marks: string[] = [];
  while (marks.length < words.length) {
    const rest = words.slice(marks.length);
    const found = alignMarks(rest, addPunct(rest.join(' ')));
    if (found === undefined || found.length === 0) return undefined;
    marks.push(...found);
  }
  return marks;
}

function vocabularyProblem({ metadata, outputTensors }: OnnxOutline): string | undefined {
  const list = (key: string) => (metadata.get(key) ?? '').split('|');
  const tokens = list('tokens');
  const size = Number(metadata.get('vocab_size'));
  // Whether an empty token counts depends on sherpa-onnx's version.
  if (tokens.length !== size && tokens.filter((token) => token !== '').length !== size)
    return `its metadata has ${tokens.length} tokens, not ${size} as it says itself`;
  if (!tokens.includes(metadata.get('unk_symbol') ?? '')) return 'its tokens lack the unknown one';
  const marks = list('punctuations');
  const missing = NEEDED_MARKS.filter((mark) => !marks.includes(mark));
  if (missing.length > 0) return `its marks lack ${missing.join(' ')}`;
  const outputs = outputTensors[0]?.dims?.[2] ?? -1;
  return outputs === marks.length
    ? undefined
    : `it gives ${outputs} numbers a word for ${marks.length} marks`;
}

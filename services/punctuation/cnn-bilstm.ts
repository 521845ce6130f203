import { checkFile, checkModelFile, pathOf } from './model-files.js';
import { countPieces, type PieceScores, readPieceScores } from './piece-count.js';
import { openPunctuation } from './sherpa.js';
import type { Marking, PunctuationModel, PunctuationSpec } from './types.js';

/**
 * sherpa-onnx gives the model 200 pieces at a time, and the model gives such rows back by their length: of two rows, each
 * would get what is meant for the other. So each call is one row.
 */
const PIECES_OF_A_CALL = 150;
/** No English word is longer; what is has no sense for the model. */
const LONGEST_WORD = 40;
/** Stands for a word without a letter or digit: unknown to the model. */
const UNKNOWN = '_';

const ROLE = {
  inputs: ['token_ids int32 2', 'valid_ids int32 2', 'label_lens int32 1'],
  outputs: ['active_case_logits float 2', 'active_punct_logits float 2'],
  values: {
    COMMA: ['1'],
    PERIOD: ['2'],
    QUESTION: ['3'],
    UPPER: ['1'],
    CAP: ['2'],
    MIX_CASE: ['3'],
  },
};

/**
 * English punctuation and capitals: Edge-Punct-Casing (https://arxiv.org/abs/2407.13142), which sherpa-onnx calls online
 * punctuation. It knows comma, full stop and question mark.
 *
 * @returns What loads it, its files checked.
 * @throws WhosaidError `engine_unavailable` naming the file that sherpa-onnx could not use.
 */
export async function checkCnnBilstm(spec: PunctuationSpec): Promise<() => PunctuationModel> {
  const cnnBilstm = await checkModelFile(spec, ROLE, ({ inputTensors, outputTensors }) => {
    const isSized = outputTensors.slice(0, 2).every(({ dims }) => (dims?.[1] ?? 0) > 0);
    if (!isSized) return 'its outputs do not say how many marks and cases there are';
    const length = inputTensors[0]?.dims?.[1] ?? -1;
    return length > 0 && length !== 200 ? `it takes ${length} pieces, not 200` : undefined;
  });
  const bpeVocab = pathOf(spec, /(^|[-_.])bpe\.vocab$/);
  const scores = await checkFile(spec, bpeVocab, () => readPieceScores(bpeVocab));
  return () => {
    const model = openPunctuation('OnlinePunctuation', { cnnBilstm, bpeVocab });
    return {
      markingsOf(words) {
        const plain = words.map(plainWord);
        const markings = windowsOf(plain, scores).flatMap((window) =>
          readMarkings(window, model.addPunct(window.join(' '))),
        );
        return markings.length === words.length ? markings : undefined;
      },
    };
  };
}

/** As the model has learnt words: small letters without accents. */
function plainWord(word: string): string {
  const ascii = word
    .normalize('NFD')
    .replace(/[’ʼ]/gu, "'")
    .toLowerCase()
    .replace(/[^a-z0-9'-]/gu, '')
    .slice(0, LONGEST_WORD);
  return /[a-z0-9]/.test(ascii) ? ascii : UNKNOWN;
}

function windowsOf(words: readonly string[], scores: PieceScores): string[][] {
  const windows: string[][] = [];
  let room = 0;
  for (const word of words) {
    const pieces = countPieces(word, scores);
    if (pieces > room) {
      windows.push([]);
      room = PIECES_OF_A_CALL;
    }
    windows.at(-1)?.push(word);
    room -= pieces;
  }
  return windows;
}

/** The words come back with marks behind them and capitals in them; nothing where one is another word. */
function readMarkings(words: readonly string[], text: string): Marking[] {
  const written = text.split(' ');
  const markings = words.map((word, index) => markingOf(word, written[index] ?? ''));
  const isWhole = written.length === words.length && markings.every((each) => each !== undefined);
  return isWhole ? (markings as Marking[]) : [];
}

function markingOf(word: string, written: string): Marking | undefined {
  const mark = /[,.?]$/.exec(written)?.[0] ?? '';
  const body = written.slice(0, written.length - mark.length);
  if (body.toLowerCase() !== word) return undefined;
  if (body === word) return { mark, casing: 'lower' };
  const letters = body.replace(/[^A-Za-z]/g, '');
  const isUpper = letters.length > 1 && letters === letters.toUpperCase();
  return { mark, casing: isUpper ? 'upper' : 'capital' };
}

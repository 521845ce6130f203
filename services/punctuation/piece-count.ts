import { readFile } from 'node:fs/promises';

/** Pieces of a SentencePiece vocabulary and their scores. */
export type PieceScores = ReadonlyMap<string, number>;

/** SentencePiece's sign for a space (U+2581), which begins each word. */
const SPACE_SIGN = '▁';
/** The places that sherpa-onnx takes for granted: what is unknown or behind the end, the beginning and the end. */
const SPECIAL = ['<unk>', '<s>', '</s>'] as const;

/**
 * Reads lines of `piece score`.
 *
 * @throws Error whose message says what is wrong with the file; sherpa-onnx ends the process over such a line.
 */
export async function readPieceScores(path: string): Promise<PieceScores> {
  const lines = (await readFile(path, 'utf8')).replace(/\r?\n$/, '').split('\n');
  const scores = new Map<string, number>();
  for (const line of lines) {
    const [piece, score, more] = line.trim().split(/\s+/);
    if (!piece || !score || more !== undefined || !Number.isFinite(Number(score)))
      throw new Error('a line of it is not "piece, its score"');
    scores.set(piece, Number(score));
  }
  const names = [...scores.keys()];
  const missing = SPECIAL.filter((name, index) => names[index] !== name);
  if (missing.length > 0) throw new Error(`it does not begin with ${SPECIAL.join(', ')}`);
  return scores;
}

/**
 * How many pieces sherpa-onnx makes of a word: of all ways to put it together that with the highest sum of scores. Where
 * no piece fits, each byte counts as one, so that the count is never too small.
 */
export function countPieces(word: string, scores: PieceScores): number {
  const text = `${SPACE_SIGN}${word}`;
  const best: { score: number; pieces: number }[] = new Array(text.length + 1);
  best[text.length] = { score: 0, pieces: 0 };
  for (let start = text.length - 1; start >= 0; start--) {
    let found: { score: number; pieces: number } | undefined;
    for (let end = start + 1; end <= text.length; end++) {
      const score = scores.get(text.slice(start, end));
      const rest = best[end];
      if (score === undefined || rest === undefined) continue;
      const total = { score: score + rest.score, pieces: rest.pieces + 1 };
      const isBetter =
        found === undefined ||
        total.score > found.score ||
        (total.score === found.score && total.pieces > found.pieces);
      if (isBetter) found = total;
    }
    const unknown = Buffer.byteLength(text[start] ?? '') + (best[start + 1]?.pieces ?? 0);
    best[start] = found ?? { score: 0, pieces: unknown };
  }
  return best[0]?.pieces ?? 0;
}

import type { Segment } from '#utils/transcript/types.js';
import { finite } from './numbers.js';

/** OpenAI's shape of one token. */
export type TokenLogprob = {
  /** The token as text; a token that ends inside a character has replacement characters (U+FFFD) there. */
  readonly token: string;
  readonly logprob: number;
  /** The token's text in UTF-8: those of all tokens, one after another, are the text. */
  readonly bytes: readonly number[];
};

/** The tokens of these segments in order, where the words carry them. */
export function tokenLogprobs(segments: readonly Pick<Segment, 'words'>[]): TokenLogprob[] {
  return segments
    .flatMap(({ words }) => words)
    .flatMap(({ pieces = [] }) => pieces)
    .map(({ bytes, logprob }) => ({
      token: new TextDecoder().decode(bytes),
      logprob: finite(logprob),
      bytes: [...bytes],
    }));
}

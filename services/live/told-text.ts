import type { Word } from '#utils/transcript/types.js';
import { alignKeys } from './align-keys.js';
import { type TextToken, textOf } from './text-tokens.js';

/** The last words of a reading while somebody speaks are guesses: of words half said, without what follows. */
const HELD_BACK = 2;
/** The first words are told together: readings of one or two words are wrong the most. */
const FIRST_WORDS = 3;
/** Punctuation at the end of what was told: it depends on what follows. */
const LAST_MARKS = /[\p{P}\p{S}]+$/u;

/**
 * The text of a stretch while it is still spoken, of which nothing is taken back. Words are told when two readings, one
 * after the other, agree on them and on all before them (docs/decisions/live-transcription.md); punctuation behind the last of them is told with the next.
 * What a later reading has instead of words that were told is not told: only what follows.
 */
export class ToldText {
  /** White space before the first word. */
  readonly #lead: string;
  #told: TextToken[] = [];
  #before: readonly TextToken[] = [];

  constructor(lead = '') {
    this.#lead = lead;
  }

  /** Takes another reading of a longer part. Returns what to append now; mostly nothing. */
  read(tokens: readonly TextToken[]): string {
    const agreed = sharedLength(tokens, this.#before);
    const stable = Math.min(agreed, tokens.length - HELD_BACK, this.#before.length - 1);
    this.#before = tokens;
    const { next } = alignKeys(keysOf(this.#told), keysOf(tokens));
    if (next >= stable || stable < FIRST_WORDS) return '';
    const fresh = tokens.slice(next, stable);
    const last = fresh.at(-1) as TextToken;
    // Nothing but marks, or a word that begins with them: they say nothing without what follows.
    const bare = { ...last, text: last.text.replace(LAST_MARKS, '') };
    if (bare.text === '') return '';
    return this.#append(tokens, next, [...fresh.slice(0, -1), bare]);
  }

  /**
   * Takes the reading of all of it. Returns what to append, and all that was told with times from this reading; a word
   * that is not in it stands at the end of the word before.
   */
  settle(tokens: readonly TextToken[]): { readonly delta: string; readonly told: TextToken[] } {
    const before = this.#told.length;
    const { places, next } = alignKeys(keysOf(this.#told), keysOf(tokens));
    const delta = this.#append(tokens, next, tokens.slice(next));
    let at = tokens[0]?.word.start ?? this.#told[0]?.word.start ?? 0;
    const told = this.#told.map((each, index): TextToken => {
      const place = index < before ? (places[index] as number) : next + index - before;
      const found = tokens[place];
      const word = found
        ? spokenAs(each, found)
        : { text: each.text, start: at, end: at, confidence: 0 };
      at = word.end;
      return { ...each, word };
    });
    return { delta, told };
  }

  /** @param next Place in `tokens` behind all that was told. */
  #append(tokens: readonly TextToken[], next: number, fresh: readonly TextToken[]): string {
    const last = this.#told.at(-1);
    const again = tokens[next - 1];
    // Marks that were held back.
    const isSame = last && again && again.key === last.key && again.text.startsWith(last.text);
    const marks = isSame ? again.text.slice(last.text.length) : '';
    if (last && marks) this.#told[this.#told.length - 1] = { ...last, text: last.text + marks };
    const spaced = fresh.map((token, index) => {
      if (index > 0) return token;
      // The first word of a reading has no space before it, but may follow a word that is not in it.
      return { ...token, space: last ? token.space || (next === 0 ? ' ' : '') : this.#lead };
    });
    this.#told.push(...spaced);
    return marks + textOf(spaced);
  }
}

function keysOf(tokens: readonly TextToken[]): string[] {
  return tokens.map(({ key }) => key);
}

/** How many words two readings begin with that are the same. */
function sharedLength(one: readonly TextToken[], other: readonly TextToken[]): number {
  const differing = one.findIndex(({ key }, index) => key !== other[index]?.key);
  return differing < 0 ? one.length : differing;
}

function spokenAs(told: TextToken, { key, word }: TextToken): Word {
  if (told.key === key) return { ...word, text: told.text };
  const { start, end, confidence } = word;
  return { text: told.text, start, end, confidence };
}

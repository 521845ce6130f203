import {
  ordinalScales,
  ordinalTeens,
  ordinalTens,
  ordinalUnits,
  scales,
  teens,
  tens,
  units,
} from './number-words.js';

/** A number found at the head of a token list. */
export type ReadNumber = {
  /** Value as text: digits, with a point where one was said or written. */
  readonly text: string;
  readonly ordinal: boolean;
  /** How many tokens it took. */
  readonly length: number;
};

const written = /^\d+(\.\d+)?$/;

/**
 * Reads one number, in words, digits or both ("two hundred and five", "2.5 million", "twenty first"), from
 * `tokens[at]`. Undefined when no number begins there. Neighbours that do not form one number ("nineteen eighty")
 * are left for the caller.
 */
export function readNumber(tokens: readonly string[], at: number): ReadNumber | undefined {
  const number = new NumberBuilder();
  let next = at;
  while (next < tokens.length) {
    const token = tokens[next] ?? '';
    const following = tokens[next + 1];
    if (token === 'and' && number.mayTakeAnd() && isSmall(following)) {
      next += 1;
      continue;
    }
    const fraction =
      token === 'point' && number.mayTakePoint() ? readFraction(tokens, next + 1) : undefined;
    if (fraction !== undefined) {
      number.takeFraction(fraction.digits);
      next += 1 + fraction.length;
    } else if (number.take(token, following)) {
      next += 1;
    } else {
      break;
    }
  }
  return next === at ? undefined : { ...number.result(), length: next - at };
}

/** What the last part of the number was: decides what may follow. */
type Part = 'start' | 'unit' | 'teen' | 'ten' | 'hundred' | 'scale' | 'written' | 'ordinal';

class NumberBuilder {
  #total = 0;
  #current = 0;
  /** The digits as they were written, where no arithmetic has touched them: keeps the 0 of 2.50. */
  #text: string | undefined;
  #last: Part = 'start';
  #smallestScale = Number.POSITIVE_INFINITY;

  mayTakeAnd(): boolean {
    return this.#last === 'hundred' || this.#last === 'scale';
  }

  mayTakePoint(): boolean {
    return !['start', 'ordinal', 'scale'].includes(this.#last) && !this.#text?.includes('.');
  }

  takeFraction(digits: string): void {
    this.#text = `${this.#text ?? this.#current}.${digits}`;
    this.#current = Number(this.#text);
    this.#last = 'written';
  }

  take(token: string, following: string | undefined): boolean {
    if (this.#last === 'ordinal') return false;
    if (this.#last === 'start' && this.#takeFirst(token, following)) return true;
    return this.#takeSmall(token) || this.#takeHundred(token) || this.#takeScale(token);
  }

  result(): { text: string; ordinal: boolean } {
    return {
      text: this.#text ?? String(this.#total + this.#current),
      ordinal: this.#last === 'ordinal',
    };
  }

  #takeFirst(token: string, following: string | undefined): boolean {
    if (written.test(token) || token === 'zero') {
      this.#text = token === 'zero' ? '0' : token.replace(/^0+(?=\d)/, '');
      this.#current = Number(token === 'zero' ? 0 : token);
      this.#last = 'written';
      return true;
    }
    if (token === 'a' && (following === 'hundred' || scales.has(following ?? ''))) {
      this.#set(1, 'unit');
      return true;
    }
    return false;
  }

  #takeSmall(token: string): boolean {
    const opens = ['start', 'hundred', 'scale'].includes(this.#last);
    const small = units.get(token) ?? ordinalUnits.get(token);
    if (small !== undefined && (opens || this.#last === 'ten')) {
      return this.#set(this.#current + small, ordinalUnits.has(token) ? 'ordinal' : 'unit');
    }
    const teen = teens.get(token) ?? ordinalTeens.get(token);
    if (teen !== undefined && opens) {
      return this.#set(this.#current + teen, ordinalTeens.has(token) ? 'ordinal' : 'teen');
    }
    const ten = tens.get(token) ?? ordinalTens.get(token);
    if (ten !== undefined && opens) {
      return this.#set(this.#current + ten, ordinalTens.has(token) ? 'ordinal' : 'ten');
    }
    return false;
  }

  #takeHundred(token: string): boolean {
    if (token !== 'hundred' && token !== 'hundredth') return false;
    if (['start', 'hundred', 'scale'].includes(this.#last) || this.#current >= 100) return false;
    return this.#set(this.#current * 100, token === 'hundredth' ? 'ordinal' : 'hundred');
  }

  #takeScale(token: string): boolean {
    const scale = scales.get(token) ?? ordinalScales.get(token);
    if (scale === undefined || scale >= this.#smallestScale) return false;
    if (this.#last === 'start' || this.#last === 'scale') return false;
    this.#smallestScale = scale;
    // 2.3 * 1000 is 2299.9999999999995.
    this.#total += Number((this.#current * scale).toPrecision(15));
    return this.#set(0, ordinalScales.has(token) ? 'ordinal' : 'scale');
  }

  #set(current: number, part: Part): true {
    this.#current = current;
    this.#text = undefined;
    this.#last = part;
    return true;
  }
}

function isSmall(token: string | undefined): boolean {
  if (token === undefined) return false;
  return [units, teens, tens, ordinalUnits, ordinalTeens, ordinalTens].some((map) =>
    map.has(token),
  );
}

/** What follows the point: single digits one after another, or one number such as "twenty five". */
function readFraction(
  tokens: readonly string[],
  at: number,
): { digits: string; length: number } | undefined {
  const digits = tokens.slice(at).map((token) => digitOf(token));
  const end = digits.indexOf(undefined);
  const singles = end === -1 ? digits : digits.slice(0, end);
  if (singles.length > 0) return { digits: singles.join(''), length: singles.length };

  const first = tokens[at] ?? '';
  if (/^\d+$/.test(first)) return { digits: first, length: 1 };
  const value = tens.get(first) ?? teens.get(first);
  if (value === undefined) return undefined;
  const unit = value >= 20 ? units.get(tokens[at + 1] ?? '') : undefined;
  return { digits: String(value + (unit ?? 0)), length: unit === undefined ? 1 : 2 };
}

function digitOf(token: string): number | undefined {
  return token === 'zero' || token === 'oh' ? 0 : units.get(token);
}

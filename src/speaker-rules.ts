import type { SpeakerCount } from '#services/diarization/types.js';

/** What holds for speakers on every way in. HTTP and the command line say it in words of their own. */

/** More voices than that in one recording are a mistake rather than a meeting. */
export const MAX_SPEAKERS = 50;
export const MAX_NAME_CHARACTERS = 64;

/** Names come back in answers and stand in front of lines and cues: they are short, and of printable characters. */
export function nameProblem(name: string): 'empty' | 'too long' | 'not printable' | undefined {
  if (name === '') return 'empty';
  if ([...name].length > MAX_NAME_CHARACTERS) return 'too long';
  return /[\p{Cc}\p{Zl}\p{Zp}]/u.test(name) ? 'not printable' : undefined;
}

/** Index of the first name that stands before it already; -1: all differ. */
export function indexOfRepeated(names: readonly string[]): number {
  // The same letters may be written as different code points.
  const keys = names.map((name) => name.normalize('NFC'));
  return keys.findIndex((key, index) => keys.indexOf(key) < index);
}

/** How many speakers there are, in a client's words. */
export type CountWishes = {
  readonly exact?: number | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
};

/** What the wishes say together, undefined: nothing; or which of them no number can fit: the limits, or the exact one. */
export function joinCounts({
  exact,
  min,
  max,
}: CountWishes): SpeakerCount | 'limits cross' | 'outside limits' | undefined {
  if (min !== undefined && max !== undefined && min > max) return 'limits cross';
  if (exact !== undefined) {
    const isWithin = exact >= (min ?? exact) && exact <= (max ?? exact);
    return isWithin ? { min: exact, max: exact } : 'outside limits';
  }
  if (min === undefined && max === undefined) return undefined;
  return { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
}

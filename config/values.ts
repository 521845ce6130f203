import { z } from 'zod';

/**
 * Readers for environment values: text in, typed value out. They say only that something is wrong; the sentence a
 * user reads is made in settings.ts from the setting's own `expected` text.
 */

const UNIT_BYTES: Record<string, number> = {
  '': 1,
  B: 1,
  K: 1e3,
  KB: 1e3,
  KIB: 2 ** 10,
  M: 1e6,
  MB: 1e6,
  MIB: 2 ** 20,
  G: 1e9,
  GB: 1e9,
  GIB: 2 ** 30,
  T: 1e12,
  TB: 1e12,
  TIB: 2 ** 40,
};

/** A whole number of bytes from text such as `26214400`, `20GB` or `1.5 GiB`; undefined when it is none. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = UNIT_BYTES[match?.[2]?.toUpperCase() ?? '?'];
  if (match === null || unit === undefined) return undefined;
  const bytes = Math.round(Number(match[1]) * unit);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `true`, `1`, `yes`, `on` and their opposites, in any case; undefined for anything else. */
export function parseSwitch(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  if (['true', '1', 'yes', 'on'].includes(word)) return true;
  if (['false', '0', 'no', 'off'].includes(word)) return false;
  return undefined;
}

/**
 * Pairs of `name=target` separated by commas; undefined when one is no pair or a name is there twice. Names may hold
 * what model ids hold elsewhere: letters, digits and `- . _ / : @ +`.
 */
export function parseAliases(text: string): ReadonlyMap<string, string> | undefined {
  const aliases = new Map<string, string>();
  const pairs = text.split(',').map((pair) => pair.trim());
  for (const pair of pairs.filter((each) => each !== '')) {
    const [, name, target] = /^([\w./:@+-]+)\s*=\s*([\w./:@+-]+)$/.exec(pair) ?? [];
    if (name === undefined || target === undefined || aliases.has(name)) return undefined;
    aliases.set(name, target);
  }
  return aliases;
}

/** A zod type that reads text with `read` and refuses what it answers undefined for. */
export function readWith<Value>(read: (text: string) => Value | undefined) {
  return z.string().transform((text, context): Value => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: 'unreadable', input: text });
    return z.NEVER;
  });
}

/** A whole number within limits, both included. */
export function wholeNumber(limits: { min: number; max: number }) {
  return readWith((text) => within(/^\d+$/.test(text.trim()) ? Number(text) : Number.NaN, limits));
}

/** A decimal number within limits, both included. */
export function decimalNumber(limits: { min: number; max: number }) {
  return readWith((text) =>
    within(/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN, limits),
  );
}

/** A number of bytes of at least one. */
export function byteCount() {
  return readWith((text) => within(parseBytes(text), { min: 1, max: Number.MAX_SAFE_INTEGER }));
}

/** As `byteCount`, for settings whose default is none. */
export function optionalByteCount() {
  return readWith((text): number | null | undefined =>
    within(parseBytes(text), { min: 1, max: Number.MAX_SAFE_INTEGER }),
  );
}

/** One of some words, in any case. */
export function oneOf<Word extends string>(words: readonly Word[]) {
  return readWith((text) => words.find((word) => word === text.trim().toLowerCase()));
}

function within(
  value: number | undefined,
  { min, max }: { min: number; max: number },
): number | undefined {
  return value !== undefined && value >= min && value <= max ? value : undefined;
}

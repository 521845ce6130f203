import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { shown } from '../routes/field-readers.js';

/**
 * Readers for values of JSON that a client sent: each throws `field_invalid` with the whole path of what is wrong
 * (`session.audio.input.format.rate`), as OpenAI's errors have it.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** An object with these fields and no others. Also throws `realtime_parameter_unknown`. */
export function readObject(value: unknown, path: string, fields: readonly string[]): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongField(path, 'an object', value);
  const unknown = Object.keys(value).find((name) => !fields.includes(name));
  if (unknown === undefined) return value as JsonObject;
  const known = `Known here: ${fields.join(', ')}.`;
  const param = path === '' ? shown(unknown) : `${path}.${shown(unknown)}`;
  throw new WhosaidError('realtime_parameter_unknown', { param, known });
}

export function readNumber(
  value: unknown,
  path: string,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw wrongField(path, `a number from ${min} to ${max}`, value);
}

export function readText(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  throw wrongField(path, 'a text', value);
}

export function readTexts(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw wrongField(path, 'a list of texts', value);
}

export function readSwitch(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  throw wrongField(path, 'true or false', value);
}

export function readOneOf<Word extends string | number>(
  value: unknown,
  path: string,
  words: readonly Word[],
): Word {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const expected = words.map((word) => (typeof word === 'string' ? `'${word}'` : word));
  throw wrongField(
    path,
    expected.length === 1 ? `${expected}` : `one of ${expected.join(', ')}`,
    value,
  );
}

/** `field_invalid` about a value, of which no more is shown than helps to recognise it. */
export function wrongField(param: string, expected: string, value: unknown): WhosaidError {
  const received = value === undefined ? 'nothing' : shown(JSON.stringify(value) ?? typeof value);
  return new WhosaidError('field_invalid', { param, expected, received });
}

import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { isPresent } from './field-readers.js';

/**
 * Some clients of OpenAI send what their SDK does not know inside `extra_body`: as fields `extra_body[name]`, or as one
 * text in JSON. Gives all fields, with what is in there where the request itself does not have it. Throws
 * `field_invalid` for what begins like JSON and is none: what it asks for is never left out in silence.
 */
export function withExtraBody(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { extra_body: extra, ...direct } = fields;
  const sent = Object.entries(direct).filter(([, value]) => isPresent(value));
  return { ...asObject(extra), ...Object.fromEntries(sent) };
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value === 'string') return readJson(value);
  const isObject = typeof value === 'object' && value !== null;
  return isObject ? (value as Record<string, unknown>) : {};
}

/** With values as the texts that a form has: numbers and switches as they are written. */
function readJson(text: string): Record<string, unknown> {
  if (!text.trimStart().startsWith('{')) return {};
  try {
    return JSON.parse(text, (_name, value) =>
      ['number', 'boolean'].includes(typeof value) ? String(value) : (value ?? undefined),
    );
  } catch (cause) {
    const params = { param: 'extra_body', expected: 'an object in JSON', received: 'broken JSON' };
    throw new WhosaidError('field_invalid', params, { cause });
  }
}

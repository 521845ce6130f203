import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { isPresent, shown } from './field-readers.js';
import { readPlainJson } from './plain-json.js';

/**
 * Some clients of OpenAI send what their SDK does not know inside `extra_body`: as fields `extra_body[name]`, or as one
 * text in JSON. Gives all fields, with what is in there where the request itself does not have it; of a repeated one
 * the last counts. Throws `field_invalid` for what is no object: what it asks for is never left out in silence.
 */
export function withExtraBody(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { extra_body: extra, ...direct } = fields;
  const sent = Object.entries(direct).filter(([, value]) => isPresent(value));
  return { ...asObject(extra), ...Object.fromEntries(sent) };
}

function asObject(sent: unknown): Record<string, unknown> {
  const last = Array.isArray(sent) ? sent.at(-1) : sent;
  if (!isPresent(last)) return {};
  if (typeof last !== 'string') return objectIn(last) ?? refuse('a list');
  const read = readPlainJson(last, asText);
  if ('problem' in read) return refuse(`'${shown(last)}' (${read.problem})`);
  return objectIn(read.value) ?? refuse(`'${shown(last)}'`);
}

function objectIn(value: unknown): Record<string, unknown> | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

/** A value as the text that a form has: numbers and switches as they are written. What is null is not there. */
function asText(_name: string, value: unknown): unknown {
  return ['number', 'boolean'].includes(typeof value) ? String(value) : (value ?? undefined);
}

function refuse(received: string): never {
  const expected = 'an object in JSON, or fields extra_body[name]';
  throw new WhosaidError('field_invalid', { param: 'extra_body', expected, received });
}

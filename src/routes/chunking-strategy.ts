import { z } from 'zod';
import type { VadOptions } from '#services/transcription/types.js';
import { isPresent, rejectWith, shown } from './field-readers.js';
import { type JsonReading, readPlainJson } from './plain-json.js';

const MAX_MS = 10_000;

/** OpenAI's settings of `server_vad`, with what each may be. */
const SETTINGS = {
  threshold: { max: 1, expected: 'a number from 0 to 1' },
  silence_duration_ms: { max: MAX_MS, expected: `milliseconds from 0 to ${MAX_MS}` },
  prefix_padding_ms: { max: MAX_MS, expected: `milliseconds from 0 to ${MAX_MS}` },
} as const;
type Setting = keyof typeof SETTINGS;

const FIELD = 'chunking_strategy';
const TYPES = "'auto', or an object whose 'type' is 'server_vad'";

/**
 * How speech is to be found and cut: `auto`, or `server_vad` with settings as an object of fields or as one text in
 * JSON. `auto` and what is left out are for us to choose. Fails with `chunking_strategy_invalid`.
 */
export const chunkingStrategy = z
  .unknown()
  .optional()
  .transform((sent, context): VadOptions | undefined => {
    const refuse = (expected: string, received: string): never =>
      rejectWith(context, 'chunking_strategy_invalid', { expected, received });
    const last = Array.isArray(sent) ? sent.at(-1) : sent;
    if (!isPresent(last)) return undefined;
    const read = typeof last === 'string' ? readText(last) : { value: last };
    if ('problem' in read) return refuse(TYPES, read.problem);
    const { value } = read;
    if (typeof value === 'string') {
      return value.trim().toLowerCase() === 'auto' ? undefined : refuse(TYPES, quoted(value));
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse(TYPES, quoted(value));
    }
    const settings = value as Record<string, unknown>;
    if (settings.type === 'auto' || !Object.values(settings).some(isPresent)) return undefined;
    if (settings.type !== 'server_vad') {
      return refuse(TYPES, isPresent(settings.type) ? `type=${quoted(settings.type)}` : 'no type');
    }
    const numberOf = (name: Setting): number | undefined => {
      if (!isPresent(settings[name])) return undefined;
      const { max, expected } = SETTINGS[name];
      const number = numberIn(settings[name]);
      if (number !== undefined && number >= 0 && number <= max) return number;
      return refuse(`'${name}' to be ${expected}`, quoted(settings[name]));
    };
    return vadOptions({
      threshold: numberOf('threshold'),
      silenceMs: numberOf('silence_duration_ms'),
      paddingMs: numberOf('prefix_padding_ms'),
    });
  });

/** The fields of a request with what it says as `chunking_strategy.type` and so on put into `chunking_strategy`. */
export function withDottedStrategy(
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const dotted = ['type', ...Object.keys(SETTINGS)]
    .map((name) => [name, fields[`${FIELD}.${name}`]] as const)
    .filter(([, value]) => isPresent(value));
  if (dotted.length === 0) return { ...fields };
  const nested = fields[FIELD];
  const isObject = typeof nested === 'object' && nested !== null && !Array.isArray(nested);
  return { ...fields, [FIELD]: { ...Object.fromEntries(dotted), ...(isObject && nested) } };
}

function vadOptions(values: {
  threshold: number | undefined;
  silenceMs: number | undefined;
  paddingMs: number | undefined;
}): VadOptions | undefined {
  const { threshold, silenceMs, paddingMs } = values;
  const options = {
    ...(threshold !== undefined && { threshold }),
    ...(silenceMs !== undefined && { silenceSeconds: silenceMs / 1000 }),
    ...(paddingMs !== undefined && { prefixPaddingSeconds: paddingMs / 1000 }),
  };
  return Object.keys(options).length > 0 ? options : undefined;
}

/** A text that is no word is JSON. */
function readText(text: string): JsonReading {
  return /^\s*[{["]/.test(text) ? readPlainJson(text) : { value: text };
}

/** A number, or a text that is one as forms have it; a repeated field counts as it was sent last. */
function numberIn(value: unknown): number | undefined {
  const last = Array.isArray(value) ? value.at(-1) : value;
  if (typeof last === 'number') return last;
  return typeof last === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(last) ? Number(last) : undefined;
}

function quoted(value: unknown): string {
  return `'${shown(typeof value === 'string' ? value : JSON.stringify(value))}'`;
}

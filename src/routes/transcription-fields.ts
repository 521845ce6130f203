import { z } from 'zod';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import {
  type Granularity,
  granularities,
  type ResponseFormat,
  responseFormats,
} from '#utils/formats/index.js';
import { parseLanguage } from '#utils/languages/languages.js';
import { isPresent, list, rejectWith, shown, single, toCatalogued } from './field-readers.js';
import { parseSpeakerFields, type SpeakerFields } from './speaker-fields.js';

/** The fields of a transcription request, checked. */
export type TranscriptionFields = {
  /** As sent: an alias or the id of a model. */
  readonly model: string;
  /** ISO 639-1 code; absent means: detect it. */
  readonly language?: string | undefined;
  readonly prompt?: string | undefined;
  readonly responseFormat: ResponseFormat;
  /** 0 to 1. */
  readonly temperature: number;
  readonly granularities: readonly Granularity[];
  readonly speakers: SpeakerFields;
};

const model = single.transform((id, context) => id?.trim() ?? rejectWith(context, 'model_missing'));

const language = single.transform((text, context) => {
  if (text === undefined || text.trim().toLowerCase() === 'auto') return undefined;
  const received = shown(text);
  return parseLanguage(text) ?? rejectWith(context, 'language_unknown', { received });
});

const responseFormat = single.transform((text = 'json', context): ResponseFormat => {
  const known = responseFormats.find((format) => format === text);
  if (known !== undefined) return known;
  const supported = responseFormats.map((format) => `'${format}'`).join(', ');
  return rejectWith(context, 'response_format_unsupported', { received: shown(text), supported });
});

const temperature = single.transform((text = '0', context) => {
  const value = Number(text);
  if (value >= 0 && value <= 1) return value;
  return rejectWith(context, 'field_invalid', {
    param: 'temperature',
    expected: 'a number from 0 to 1',
    received: `'${shown(text)}'`,
  });
});

const stream = single.transform((text = 'false', context) => {
  const word = text.trim().toLowerCase();
  if (['false', '0'].includes(word)) return false;
  if (['true', '1'].includes(word)) return rejectWith(context, 'stream_unsupported');
  return rejectWith(context, 'field_invalid', {
    param: 'stream',
    expected: "'true' or 'false'",
    received: `'${shown(text)}'`,
  });
});

const timestampGranularities = list.transform((items, context): Granularity[] =>
  items.filter(isPresent).map((item) => {
    const known = granularities.find((granularity) => granularity === item);
    const received = shown(item);
    return known ?? rejectWith(context, 'granularity_unsupported', { received });
  }),
);

const schema = z.object({
  model,
  stream,
  language,
  prompt: single,
  response_format: responseFormat,
  temperature,
  timestamp_granularities: timestampGranularities,
});

/**
 * Reads the text fields of a transcription request; fields it does not know are ignored. Throws the catalogue's error
 * for the first one that is wrong: `model_missing`, `stream_unsupported`, `response_format_unsupported`,
 * `granularity_unsupported`, `granularity_needs_verbose_json`, `language_unknown`, `field_invalid` or one of
 * `parseSpeakerFields`.
 */
export function parseTranscriptionFields(
  fields: Readonly<Record<string, unknown>>,
): TranscriptionFields {
  const result = schema.safeParse(fields);
  if (!result.success) throw toCatalogued(result.error);
  const { data } = result;
  const { response_format: format, timestamp_granularities: wanted } = data;
  // Asking for segments, the default, changes nothing in the other formats, so only words are refused there.
  if (wanted.includes('word') && format !== 'verbose_json') {
    throw new WhosaidError('granularity_needs_verbose_json', { received: format });
  }
  return {
    model: data.model,
    language: data.language,
    prompt: data.prompt,
    responseFormat: format,
    temperature: data.temperature,
    granularities: wanted,
    speakers: parseSpeakerFields(fields),
  };
}

import { z } from 'zod';
import { rejectWith, shown, single, switchField, toCatalogued } from '../routes/field-readers.js';

export const whisperCppFormats = ['json', 'text', 'srt', 'vtt', 'verbose_json'] as const;
export type WhisperCppFormat = (typeof whisperCppFormats)[number];

const responseFormat = single.transform((text = 'json', context): WhisperCppFormat => {
  const known = whisperCppFormats.find((format) => format === text);
  if (known !== undefined) return known;
  const supported = whisperCppFormats.map((format) => `'${format}'`).join(', ');
  return rejectWith(context, 'response_format_unsupported', { received: shown(text), supported });
});

/** `y` counts there too. */
const switchOf = (param: string) => {
  const field = switchField(param);
  return z.preprocess((value) => (value === 'y' ? 'yes' : value), field);
};

/** Which part of the recording is wanted, in milliseconds: a transcript of all of it would be wrong without a word. */
const partOf = (param: string) =>
  single.transform((text = '0', context): undefined => {
    if (Number(text) === 0) return undefined;
    const expected =
      "0, since recordings are always transcribed whole ('ffmpeg -ss' cuts a part out)";
    return rejectWith(context, 'field_invalid', { param, expected, received: `'${shown(text)}'` });
  });

const schema = z.object({
  response_format: responseFormat,
  language: single,
  translate: switchOf('translate'),
  detect_language: switchOf('detect_language'),
  prompt: single,
  diarize: switchOf('diarize'),
  no_timestamps: switchOf('no_timestamps'),
  model: single,
  offset_t: partOf('offset_t'),
  duration: partOf('duration'),
});

/** Fields that are read; all others are about how Whisper decodes, and are ignored. */
export const whisperCppFields: readonly string[] = Object.keys(schema.shape);

export type WhisperCppFields = z.output<typeof schema>;

/** Reads the fields of `/inference`. Throws `response_format_unsupported` or `field_invalid`. */
export function parseWhisperCppFields(fields: Readonly<Record<string, unknown>>): WhisperCppFields {
  const result = schema.safeParse(fields);
  if (!result.success) throw toCatalogued(result.error);
  return result.data;
}

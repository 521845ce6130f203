import { z } from 'zod';
import type { SpeechTask } from '#services/asr/types.js';
import type { EnhancedFor } from '#services/enhance/types.js';
import type { VadOptions } from '#services/transcription/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import {
  type Granularity,
  granularities,
  type ResponseFormat,
  responseFormats,
} from '#utils/formats/index.js';
import { chunkingStrategy, withDottedStrategy } from './chunking-strategy.js';
import { type EnhanceChoice, enhanceField, enhanceForField } from './enhance-fields.js';
import { withExtraBody } from './extra-body.js';
import { withPlainNames } from './field-names.js';
import {
  isPresent,
  list,
  rejectWith,
  shown,
  single,
  switchField,
  toCatalogued,
} from './field-readers.js';
import { keywordList, languageField, languageList } from './language-fields.js';
import { parseSpeakerFields, type SpeakerFields } from './speaker-fields.js';

/** The fields of a transcription request, checked. */
export type TranscriptionFields = {
  readonly task: SpeechTask;
  /** As sent: an alias or the id of a model. */
  readonly model: string;
  /** ISO 639-1 code; absent means: detect it. */
  readonly language?: string | undefined;
  /** ISO 639-1 codes of the languages that may be spoken; never together with `language`, never empty. */
  readonly languages?: readonly string[] | undefined;
  readonly prompt?: string | undefined;
  /** Words that are likely to be said; never empty. */
  readonly keywords?: readonly string[] | undefined;
  /** Near misses of these are to be corrected; absent: as the operator wants it. */
  readonly spellingCorrection?: boolean | undefined;
  readonly responseFormat: ResponseFormat;
  readonly granularities: readonly Granularity[];
  /** The tokens' log-probabilities are wanted. */
  readonly logprobs: boolean;
  /** How speech is to be found and cut, where the request says so. */
  readonly vad?: VadOptions | undefined;
  /** What is to be done to the sound first; absent: as the operator wants it. */
  readonly enhance?: EnhanceChoice | undefined;
  /** Who is to hear it; absent: as the operator wants it. */
  readonly enhanceFor?: EnhancedFor | undefined;
  /** Numbers in figures, or in words; absent: as the operator wants it. */
  readonly inverseNormalisation?: boolean | undefined;
  /** The answer is to come as it is worked out, as server-sent events. */
  readonly stream: boolean;
  /** The stream is to tell of the queue and the progress, too; never without `stream`. */
  readonly progress: boolean;
  readonly speakers: SpeakerFields;
};

const model = single.transform((id, context) => id?.trim() ?? rejectWith(context, 'model_missing'));

const responseFormat = single.transform((text = 'json', context): ResponseFormat => {
  const known = responseFormats.find((format) => format === text);
  if (known !== undefined) return known;
  const supported = responseFormats.map((format) => `'${format}'`).join(', ');
  return rejectWith(context, 'response_format_unsupported', { received: shown(text), supported });
});

/** Checked and forgotten: the engines decode greedily, whatever it is. */
const temperature = single.transform((text = '0', context): undefined => {
  const value = Number(text);
  if (value >= 0 && value <= 1) return undefined;
  return rejectWith(context, 'field_invalid', {
    param: 'temperature',
    expected: 'a number from 0 to 1',
    received: `'${shown(text)}'`,
  });
});

export const timestampGranularities = list.transform((items, context): Granularity[] =>
  items.filter(isPresent).map((item) => {
    const known = granularities.find((granularity) => granularity === item);
    const received = shown(item);
    return known ?? rejectWith(context, 'granularity_unsupported', { received });
  }),
);

/** Whether log-probabilities are asked for, the only thing that can be. */
const include = list.transform((items, context): boolean => {
  const wanted = items.filter(isPresent);
  const unknown = wanted.find((item) => item !== 'logprobs');
  if (unknown === undefined) return wanted.length > 0;
  return rejectWith(context, 'include_unsupported', { received: shown(unknown) });
});

const schema = z.object({
  model,
  stream: switchField('stream'),
  progress: switchField('progress'),
  language: languageField,
  languages: languageList,
  keywords: keywordList,
  prompt: single,
  spelling_correction: switchField('spelling_correction'),
  response_format: responseFormat,
  temperature,
  timestamp_granularities: timestampGranularities,
  include,
  chunking_strategy: chunkingStrategy,
  enhance: enhanceField,
  enhance_for: enhanceForField,
  inverse_text_normalization: switchField('inverse_text_normalization'),
});

/** Names of these fields; those about speakers are besides them. */
export const transcriptionFieldNames: readonly string[] = Object.keys(schema.shape);

/**
 * Reads the text fields of a transcription or translation request; fields it does not know are ignored. Throws the
 * catalogue's error for the first one that is wrong: `model_missing`, `response_format_unsupported`,
 * `granularity_unsupported`, `granularity_needs_verbose_json`, `language_unknown`, `languages_contradict`,
 * `keyword_invalid`, `include_unsupported`, `logprobs_need_json`, `progress_needs_stream`, `chunking_strategy_invalid`,
 * `field_invalid` or one of `parseSpeakerFields`.
 */
export function parseTranscriptionFields(
  body: Readonly<Record<string, unknown>>,
  { task = 'transcribe' }: { readonly task?: SpeechTask } = {},
): TranscriptionFields {
  const fields = withDottedStrategy(withPlainNames(withExtraBody(body)));
  const result = schema.safeParse(fields);
  if (!result.success) throw toCatalogued(result.error);
  const { data } = result;
  const { response_format: format, timestamp_granularities: wanted } = data;
  // Asking for segments, the default, changes nothing in the other formats, so only words are refused there.
  if (wanted.includes('word') && format !== 'verbose_json') {
    throw new WhosaidError('granularity_needs_verbose_json', { received: format });
  }
  if (data.include && format !== 'json' && format !== 'verbose_json') {
    throw new WhosaidError('logprobs_need_json', { received: format });
  }
  if (data.progress && !data.stream) throw new WhosaidError('progress_needs_stream');
  if (data.language !== undefined && data.languages !== undefined) {
    throw new WhosaidError('languages_contradict');
  }
  return {
    task,
    model: data.model,
    language: data.language,
    languages: data.languages,
    prompt: data.prompt,
    keywords: data.keywords,
    spellingCorrection: data.spelling_correction,
    responseFormat: format,
    granularities: wanted,
    logprobs: data.include,
    vad: data.chunking_strategy,
    enhance: data.enhance,
    enhanceFor: data.enhance_for,
    inverseNormalisation: data.inverse_text_normalization,
    stream: data.stream ?? false,
    progress: data.progress ?? false,
    speakers: parseSpeakerFields(fields),
  };
}

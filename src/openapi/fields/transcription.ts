import { z } from 'zod';
import { ENHANCED_FOR } from '#services/enhance/types.js';
import { granularities, responseFormats } from '#utils/formats/index.js';
import { ENHANCE_CHOICES } from '../../routes/enhance-fields.js';
import { MAX_SPEAKERS } from '../../speaker-rules.js';

/**
 * The fields of a transcription as they stand on the wire. The readers in src/routes turn texts into values and cannot
 * be shown as a schema; a test holds the names here against theirs.
 */

/** A part with the bytes of a recording. */
export const audioFile = z.string().meta({
  format: 'binary',
  contentMediaType: 'application/octet-stream',
  description:
    'The recording, in any audio or video format. What it is is seen in its bytes: file name and content type do not matter.',
});

export const modelField = z.string().meta({
  examples: ['whisper-1'],
  description:
    'An id that `GET /v1/models` lists. The ids of OpenAI mean the default model of this server; `auto` means it too, or another installed one where the recording is in a language that it does not know; one that ends in `-diarize` asks for speakers.',
});

const languageField = z.string().meta({
  description:
    'Language that is spoken, as ISO 639-1 code or English name (`de`, `german`). Left out, empty or `auto`: it is detected where the model can, or by another installed model that can.',
});

const count = (text: string) => z.int().min(1).max(MAX_SPEAKERS).meta({ description: text });

const serverVad = z.strictObject({
  type: z.literal('server_vad'),
  threshold: z.number().min(0).max(1).optional(),
  silence_duration_ms: z.number().min(0).max(10_000).optional(),
  prefix_padding_ms: z.number().min(0).max(10_000).optional(),
});

const shared = {
  file: audioFile,
  model: modelField,
  prompt: z.string().meta({
    description:
      'Earlier text or vocabulary. The names in it are used as `keywords[]` are. The answer says in `x-whosaid-vocabulary` what was done with it.',
  }),
  temperature: z.number().min(0).max(1).default(0).meta({
    description: 'Checked and without effect: the models decode greedily, whatever it is.',
  }),
  stream: z.boolean().default(false).meta({
    description: 'Answers with server-sent events as the recording is worked through.',
  }),
  progress: z.boolean().default(false).meta({
    description:
      'Only with `stream=true`: the stream begins at once, and also tells the position in the queue and how much of the recording is worked through. An extension of ours.',
  }),
  language: languageField,
  'languages[]': z.array(z.string()).meta({
    description:
      'Languages that may be spoken; detection chooses among them. Not together with `language`.',
  }),
  'keywords[]': z.array(z.string().regex(/^[^<>\r\n]*$/)).meta({
    description:
      'Names and rare words that are likely to be said: told to a model that can be told words (`hotwords`), elsewhere written where something is nearly one of them, with `spelling_correction`. The answer says in `x-whosaid-vocabulary` what was done with them.',
  }),
  spelling_correction: z.boolean().meta({
    description:
      'Whether what is nearly one of `keywords[]`, or a name in `prompt`, is written as it, where the model cannot be told words. Left out: as the operator set it (ENABLE_SPELLING_CORRECTION). An extension of ours.',
  }),
  'timestamp_granularities[]': z
    .array(z.enum(granularities))
    .meta({ description: 'What `verbose_json` gives times for; `segment` where it is left out.' }),
  'include[]': z.array(z.enum(['logprobs'])).meta({
    description: '`logprobs` adds the log-probability of every token, where the model gives them.',
  }),
  enhance: z.enum(ENHANCE_CHOICES).meta({
    description:
      'What is done to the sound first: `denoise` takes noise away where there is enough of it, `vocals` keeps voices and takes music away. Left out: as the operator set it (ENHANCE). The answer says in `x-whosaid-enhanced` what was chosen.',
  }),
  enhance_for: z.enum(ENHANCED_FOR).meta({
    description:
      'Who hears the enhanced sound: recognition (`asr`), or also those who tell speakers apart (`both`). Left out: ENHANCE_FOR.',
  }),
  inverse_text_normalization: z.boolean().meta({
    description:
      'Numbers, dates and amounts in figures (`true`) or in words (`false`), by models that can be told (docs/punctuation.md). Left out: as the operator set it (ENABLE_INVERSE_TEXT_NORMALIZATION), else as the model does by itself. The answer says in `x-whosaid-inverse-text-normalization` what came of it: `on`, `off`, or `unsupported` where the model cannot be told.',
  }),
  chunking_strategy: z.union([z.literal('auto'), serverVad]).meta({
    description:
      'How speech is found and cut: `auto`, or the settings of `server_vad` as fields `chunking_strategy[type]`, as fields `chunking_strategy.type`, or as one text in JSON.',
  }),
};

const speakers = {
  diarize: z.boolean().meta({ description: 'Whether to say who spoke.' }),
  num_speakers: count('How many people speak. Asks for speakers.'),
  min_speakers: count('How many people speak at least. Asks for speakers.'),
  max_speakers: count('How many people speak at most. Asks for speakers.'),
  channels: z.enum(['mix', 'split']).default('mix').meta({
    description:
      '`split`: each of the two channels is one speaker, called `Left` and `Right` or as `known_speaker_names[]` says.',
  }),
  'known_speaker_names[]': z.array(z.string()).max(4).meta({
    description: 'Names of people whose voices are sent along. Asks for speakers.',
  }),
  'known_speaker_references[]': z.array(z.string()).max(4).meta({
    description:
      'A data URL with 1.2 to 10 s of each of these people, in the same order: `data:audio/wav;base64,…`.',
  }),
};

const extraBody = z.record(z.string(), z.unknown()).meta({
  description:
    'Any of the other fields, for clients that send what they do not know as `extra_body[name]`.',
});

const { file, model, ...others } = shared;

/** The body of a transcription. */
export const transcriptionRequest = z.object({
  file,
  model,
  response_format: z
    .enum(responseFormats)
    .default('json')
    .meta({ description: 'What the answer looks like. Every format for every model.' }),
  ...z.object({ ...others, ...speakers }).partial().shape,
  extra_body: extraBody.optional(),
});

/** The body of a translation: the same fields. */
export const translationRequest = transcriptionRequest.extend({
  response_format: z
    .enum(responseFormats)
    .exclude(['diarized_json'])
    .default('json')
    .meta({ description: 'What the answer looks like.' }),
});

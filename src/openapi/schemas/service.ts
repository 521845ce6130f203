import { z } from 'zod';
import { ENHANCEMENTS } from '#services/enhance/types.js';

/** The bodies of everything that is not a transcript. */

export const errorAnswer = z
  .strictObject({
    error: z.strictObject({
      message: z.string().meta({ description: 'What is wrong, what was expected, what to do.' }),
      type: z.string(),
      param: z.string().nullable().meta({ description: 'The field at fault.' }),
      code: z.string().nullable(),
    }),
  })
  .meta({
    description: 'Every error, in the shape of the OpenAI API.',
    examples: [
      {
        error: {
          message: "Missing required parameter: 'model'.",
          type: 'invalid_request_error',
          param: 'model',
          code: 'missing_required_parameter',
        },
      },
    ],
  });

const flag = (description: string) => z.boolean().meta({ description });

export const modelDetails = z
  .strictObject({
    model: z.string().meta({ description: 'Its own id, where the other one only means it.' }),
    name: z.string(),
    family: z.string(),
    licence: z.string(),
    languages: z.array(z.string()).meta({ description: 'Codes of ISO 639.' }),
    capabilities: z.strictObject({
      word_times: flag('It tells when each word is said.'),
      translation: flag('It translates into English.'),
      language_detection: flag('It tells which language it hears.'),
      streaming: flag('It was made to hear speech while it comes.'),
      punctuation: flag('It writes punctuation by itself.'),
      inverse_text_normalization: flag('It can be told to write numbers in figures.'),
      logprobs: flag('It tells how probable its tokens are.'),
      prompt: flag('It reads `prompt`.'),
      keywords: flag('`keywords` make it more likely to hear them.'),
      speakers: flag('This server says who spoke.'),
      enhance: z
        .array(z.enum(ENHANCEMENTS))
        .meta({ description: 'What `enhance` may ask for at this server.' }),
    }),
    max_segment_seconds: z.number().nullable(),
    default: flag('It is what the ids of OpenAI mean.'),
    asks_for_speakers: flag('This id asks for speakers.'),
    loaded: flag('It is in memory; else the first request for it loads it.'),
  })
  .meta({ description: 'The model that an id means. Only where it is installed.' });

export const modelPullRequest = z.strictObject({
  model: z.string().meta({ description: 'Id of the catalogue: docs/models.md has them.' }),
});

export const modelPull = z.strictObject({
  object: z.literal('model.pull'),
  model: z.string(),
  installed: z.array(z.string()).meta({ description: 'The model, and what it requires.' }),
  notices: z
    .array(z.string())
    .meta({ description: 'What its licence does not allow, for example.' }),
});

export const modelPullEvent = z
  .discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('model.pull.progress'),
      model: z.string(),
      file: z.string().meta({ description: 'A file, or the package that holds it.' }),
      received_bytes: z.int().min(0),
      total_bytes: z.int().min(0),
    }),
    z.strictObject({
      type: z.literal('model.pull.notice'),
      model: z.string(),
      text: z.string(),
    }),
    z.strictObject({ type: z.literal('model.pull.waiting') }),
    z.strictObject({
      type: z.literal('model.pull.done'),
      object: z.literal('model.pull'),
      model: z.string(),
      installed: z.array(z.string()),
    }),
    z.strictObject({ type: z.literal('error'), error: errorAnswer.shape.error }),
  ])
  .meta({ description: 'The last one is `model.pull.done` or `error`; `[DONE]` follows.' });

export const model = z
  .strictObject({
    id: z.string(),
    object: z.literal('model'),
    created: z.int().meta({ description: 'Unix seconds.' }),
    owned_by: z.string(),
    whosaid: modelDetails.optional(),
  })
  .meta({
    examples: [{ id: 'whisper-1', object: 'model', created: 1795000000, owned_by: 'whosaid' }],
  });

export const modelList = z.strictObject({ object: z.literal('list'), data: z.array(model) });

export const index = z.strictObject({
  name: z.literal('whosaid'),
  version: z.string(),
  description: z.string(),
  links: z
    .record(z.string(), z.string())
    .meta({ description: 'Paths of what this server offers, by name.' }),
});

export const health = z.strictObject({
  status: z.literal('healthy'),
  model_loaded: z.boolean(),
  model_name: z.string(),
  version: z.string(),
  uptime_seconds: z.int().min(0),
  engines: z.array(
    z.strictObject({
      role: z.string(),
      state: z.string(),
      restarts: z.int().min(0),
      rss_bytes: z.int().nullable(),
    }),
  ),
  pools: z
    .array(
      z.strictObject({
        role: z.string(),
        model: z.string(),
        hosts: z.int().min(0).meta({ description: 'Processes that it has.' }),
        usable: z.int().min(0).meta({ description: 'Those that can work or are working.' }),
        queued: z.int().min(0).meta({ description: 'Pieces of recordings that wait for one.' }),
        retry_seconds: z.int().nullable().meta({
          description: 'How long it takes no work, after failure upon failure; null while it does.',
        }),
      }),
    )
    .meta({ description: 'The engines by what they are for and by model.' }),
  model_memory: z
    .strictObject({ limit_bytes: z.int(), used_bytes: z.int() })
    .nullable()
    .meta({ description: 'What all engines may take together, and take.' }),
  requests: z.strictObject({
    receiving: z.int().min(0),
    waiting: z.int().min(0),
    running: z.int().min(0),
    long: z
      .strictObject({ waiting: z.int().min(0), running: z.int().min(0) })
      .meta({ description: 'Which of them are taken for long recordings.' }),
  }),
  limits: z.strictObject({ max_upload_bytes: z.int() }),
});

export const ready = z.strictObject({ status: z.literal('ready') });

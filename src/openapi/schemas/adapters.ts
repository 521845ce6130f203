import { z } from 'zod';
import { errorAnswer } from './service.js';
import { verboseSegment } from './transcripts.js';

/** The bodies of the adapters (src/adapters): the shapes of other servers. */

const seconds = z.number().min(0);

export const adapterError = errorAnswer.extend({ detail: z.string() }).meta({
  description:
    'An error of the adapters: also with `detail`, which clients of FastAPI servers read.',
});

const asrWord = z.strictObject({
  word: z.string(),
  start: seconds,
  end: seconds,
  probability: z.number().min(0).max(1),
});

export const asrTranscript = z
  .strictObject({
    text: z.string(),
    segments: z.array(
      verboseSegment.extend({
        words: z
          .array(asrWord)
          .optional()
          .meta({ description: 'Only with `word_timestamps=true`.' }),
        speaker: z.string().optional().meta({ description: 'Only with `diarize=true`.' }),
      }),
    ),
    language: z.string().meta({ description: 'ISO 639-1 code.' }),
  })
  .meta({ description: 'The answer of `/asr` to `output=json`.' });

export const detectedLanguage = z
  .strictObject({
    detected_language: z.string().meta({ description: 'English name in lower case.' }),
    language_code: z.string().meta({ description: 'ISO 639-1 code.' }),
    confidence: z.number().min(0).max(1).nullable().meta({
      description: 'Null where the model tells the language, but not how sure it is.',
    }),
  })
  .meta({
    examples: [{ detected_language: 'english', language_code: 'en', confidence: null }],
  });

export const whisperCppTranscription = z
  .strictObject({ text: z.string().meta({ description: 'A line for each segment.' }) })
  .meta({ examples: [{ text: ' We spent less on travel.\n' }] });

const whisperCppWord = z.strictObject({
  word: z.string(),
  start: seconds.optional(),
  end: seconds.optional(),
  t_dtw: z.literal(-1).optional(),
  probability: z.number().min(0).max(1),
});

export const whisperCppVerbose = z
  .strictObject({
    task: z.enum(['transcribe', 'translate']),
    language: z.string().meta({ description: 'English name in lower case.' }),
    duration: seconds,
    text: z.string(),
    segments: z.array(
      z.strictObject({
        id: z.int().min(0),
        text: z.string(),
        start: seconds.optional(),
        end: seconds.optional(),
        tokens: z.array(z.int()),
        words: z.array(whisperCppWord),
        temperature: z.number(),
        avg_logprob: z.number(),
        no_speech_prob: z.number(),
        speaker: z.string().optional().meta({ description: 'Only with `diarize=true`.' }),
      }),
    ),
    detected_language: z.string(),
  })
  .meta({
    description:
      'The answer of `/inference` to `response_format=verbose_json`. Times are absent with `no_timestamps=true`.',
  });

import { z } from 'zod';

/** The bodies of transcriptions and translations, as utils/formats writes them: no key more and none less. */

const seconds = z.number().min(0);

export const usage = z
  .strictObject({
    type: z.literal('duration'),
    seconds: z.int().min(0).meta({ description: 'Length of the recording, rounded up.' }),
  })
  .meta({ description: 'What clients account by.', examples: [{ type: 'duration', seconds: 9 }] });

export const logprob = z
  .strictObject({
    token: z.string(),
    logprob: z.number().max(0).meta({ description: 'Natural logarithm of the probability.' }),
    bytes: z.array(z.int().min(0).max(255)).meta({ description: 'The token in UTF-8.' }),
  })
  .meta({ description: 'How sure the model was of one token.' });

export const languageCodes = z.array(z.strictObject({ code: z.string() })).meta({
  description: 'ISO 639-1 codes of what was spoken; only with `languages[]`.',
});

export const spokenSegment = z.strictObject({
  start: seconds,
  end: seconds,
  text: z.string(),
  speaker: z.string(),
});

export const transcription = z
  .strictObject({
    text: z.string(),
    segments: z.array(spokenSegment).optional().meta({
      description:
        'Only where `diarize`, `num_speakers`, `min_speakers`, `max_speakers` or `channels` was sent: an extension of ours.',
    }),
    logprobs: z.array(logprob).optional().meta({ description: 'Only with `include[]=logprobs`.' }),
    languages: languageCodes.optional(),
    usage,
  })
  .meta({
    description: 'The answer to `response_format=json`.',
    examples: [{ text: 'We spent less on travel.', usage: { type: 'duration', seconds: 9 } }],
  });

const speaker = z
  .string()
  .optional()
  .meta({ description: 'Only where speakers were asked for: an extension of ours.' });

export const verboseSegment = z
  .strictObject({
    id: z.int().min(0),
    seek: z.int().min(0).meta({ description: 'Start in hundredths of a second.' }),
    start: seconds,
    end: seconds,
    text: z.string(),
    tokens: z.array(z.int()),
    temperature: z.number(),
    avg_logprob: z.number(),
    compression_ratio: z.number(),
    no_speech_prob: z.number(),
    language: z.string().optional().meta({
      description: 'Code, only where `languages[]` was sent: an extension of ours.',
    }),
    speaker,
  })
  .meta({ description: 'A stretch of speech between two pauses. Times in seconds.' });

export const verboseWord = z
  .strictObject({ word: z.string(), start: seconds, end: seconds, speaker })
  .meta({ description: 'One word. Times in seconds.' });

export const verboseTranscription = z
  .strictObject({
    task: z.enum(['transcribe', 'translate']),
    language: z.string().meta({ description: 'English name in lower case, such as `english`.' }),
    duration: seconds,
    text: z.string(),
    segments: z
      .array(verboseSegment)
      .optional()
      .meta({ description: 'Absent where only words were asked for.' }),
    words: z
      .array(verboseWord)
      .optional()
      .meta({ description: 'Only with `timestamp_granularities[]=word`.' }),
    logprobs: z.array(logprob).optional().meta({ description: 'Only with `include[]=logprobs`.' }),
    languages: languageCodes.optional(),
    usage,
  })
  .meta({ description: 'The answer to `response_format=verbose_json`.' });

const { usage: _ofJson, ...translationShape } = transcription.shape;
const { usage: _ofVerbose, ...verboseTranslationShape } = verboseTranscription.shape;

export const translation = z
  .strictObject(translationShape)
  .meta({ description: 'The answer to `response_format=json`: without `usage`, as at OpenAI.' });

export const verboseTranslation = z
  .strictObject(verboseTranslationShape)
  .meta({ description: 'The answer to `response_format=verbose_json`.' });

export const diarizedSegment = z
  .strictObject({
    type: z.literal('transcript.text.segment'),
    id: z.string().regex(/^seg_\d+$/),
    start: seconds,
    end: seconds,
    text: z.string(),
    speaker: z.string().meta({ description: 'The known name, otherwise `A`, `B`, …' }),
  })
  .meta({ description: 'What one speaker says between two pauses.' });

export const diarizedTranscription = z
  .strictObject({
    task: z.literal('transcribe'),
    duration: seconds,
    text: z.string(),
    segments: z.array(diarizedSegment),
    usage,
  })
  .meta({ description: 'The answer to `response_format=diarized_json`.' });

import { z } from 'zod';
import { granularities } from '#utils/formats/index.js';

/** The body of a job's transcript, as utils/transcript/document.ts writes it. */

const seconds = z.number();
const speaker = z.string().optional().meta({ description: 'Only where speakers were asked for.' });

const word = z.strictObject({
  word: z.string(),
  start: seconds,
  end: seconds,
  confidence: z.number().meta({ description: 'Probability of the word, 0 to 1.' }),
  speaker,
  logprobs: z
    .array(z.strictObject({ bytes: z.array(z.int().min(0).max(255)), logprob: z.number() }))
    .optional()
    .meta({ description: 'Its tokens; only with `include[]=logprobs`.' }),
});

const segment = z.strictObject({
  id: z.int().min(0),
  start: seconds,
  end: seconds,
  text: z.string(),
  language: z.string().optional().meta({ description: 'ISO 639-1 code, where the engine tells.' }),
  speaker,
  words: z.array(word),
  tokens: z.array(z.int()),
  temperature: z.number(),
  avg_logprob: z.number(),
  compression_ratio: z.number(),
  no_speech_prob: z.number(),
});

export const jobTranscript = z
  .strictObject({
    object: z.literal('transcription.transcript'),
    language: z.string().meta({ description: 'ISO 639-1 code.' }),
    languages: z.array(z.string()).meta({ description: 'The one with the most speech first.' }),
    duration: seconds,
    text: z.string(),
    segments: z.array(segment),
    speakers: z
      .array(
        z.strictObject({
          name: z.string(),
          seconds: seconds.meta({ description: 'How long this speaker is heard.' }),
        }),
      )
      .optional()
      .meta({ description: 'In the order of their first words; only where they were asked for.' }),
    turns: z
      .array(z.strictObject({ start: seconds, end: seconds, speaker: z.string() }))
      .optional()
      .meta({ description: 'Who is heard when; turns of different speakers may overlap.' }),
    rendering: z
      .strictObject({
        task: z.enum(['transcribe', 'translate']),
        language_name: z.string(),
        timestamp_granularities: z.array(z.enum(granularities)),
        speaker_detail: z.boolean(),
        logprobs: z.boolean(),
        languages: z.boolean(),
      })
      .meta({ description: 'How the job wanted it written.' }),
  })
  .meta({ description: 'All that is known of what was said. Times in seconds, not rounded.' });

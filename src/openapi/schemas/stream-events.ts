import { z } from 'zod';
import { errorAnswer } from './service.js';
import { diarizedSegment, languageCodes, logprob, spokenSegment, usage } from './transcripts.js';

/** What stands behind `data: ` in the answer to `stream=true`; the last line is `data: [DONE]`. */

export const textDelta = z
  .strictObject({
    type: z.literal('transcript.text.delta'),
    delta: z.string(),
    segment_id: z.string().optional(),
    logprobs: z.array(logprob).optional(),
  })
  .meta({
    description: 'Text of one more stretch of speech, as soon as it is known.',
    examples: [{ type: 'transcript.text.delta', delta: ' We spent less on travel.' }],
  });

export const textDone = z
  .strictObject({
    type: z.literal('transcript.text.done'),
    text: z.string(),
    logprobs: z.array(logprob).optional(),
    languages: languageCodes.optional(),
    segments: z.array(spokenSegment).optional().meta({
      description:
        'Who says what, where the answer without `stream` would show it: an extension of ours.',
    }),
    usage,
  })
  .meta({ description: 'The whole text, once, at the end.' });

export const queued = z
  .strictObject({
    type: z.literal('whosaid.queued'),
    position: z.int().min(1).meta({ description: '1 is next.' }),
  })
  .meta({
    description:
      'Position in the queue, where the request has to wait for its turn, and whenever it changes. Only with `progress=true`: an extension of ours.',
    examples: [{ type: 'whosaid.queued', position: 2 }],
  });

export const progress = z
  .strictObject({
    type: z.literal('whosaid.progress'),
    audio_seconds: z.number().min(0).meta({
      description: 'How much of the recording is worked through.',
    }),
    total_seconds: z.number().min(0).nullable().meta({
      description:
        'Length of the recording: as the file says, until all of it is read; null where it does not say.',
    }),
  })
  .meta({
    description:
      'How far the work is, twice a second at most. Only with `progress=true`: an extension of ours.',
    examples: [{ type: 'whosaid.progress', audio_seconds: 118.4, total_seconds: 3600 }],
  });

export const streamEvent = z
  .union([textDelta, diarizedSegment, textDone, queued, progress, errorAnswer])
  .meta({
    description:
      'One event of a stream: deltas, or segments with `response_format=diarized_json`; then one `transcript.text.done`. An error ends the stream.',
  });

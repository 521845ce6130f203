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

export const streamEvent = z.union([textDelta, diarizedSegment, textDone, errorAnswer]).meta({
  description:
    'One event of a stream: deltas, or segments with `response_format=diarized_json`; then one `transcript.text.done`. An error ends the stream.',
});

import { z } from 'zod';
import { JOB_STATUSES } from '#services/jobs/types.js';
import { granularities, responseFormats } from '#utils/formats/index.js';
import { audioFile, transcriptionRequest } from './transcription.js';

/** What the routes of jobs read; a test holds the names against theirs. */

const { file: _file, stream: _stream, progress: _progress, ...shared } = transcriptionRequest.shape;

const own = z
  .object({
    task: z
      .enum(['transcribe', 'translate'])
      .default('transcribe')
      .meta({ description: '`translate`: into English, with a model that can.' }),
    webhook_url: z.string().meta({
      description:
        'Address that is told when the job has ended, by a signed POST (Standard Webhooks).',
    }),
  })
  .partial().shape;

/** The body of a job. */
export const jobRequest = z.object({
  file: audioFile.optional(),
  url: z.string().optional().meta({
    description:
      'Address that the server fetches the recording from, instead of `file`; only where the operator switched it on (ENABLE_JOB_URLS).',
  }),
  ...shared,
  ...own,
});

/** The body of a batch: the same fields for all recordings. */
export const batchRequest = z.object({
  'file[]': z.array(audioFile).min(1).max(1000).meta({
    description: 'The recordings, a part for each; `file` does as well.',
  }),
  ...shared,
  ...own,
});

export const idempotencyHeader = z
  .object({
    'Idempotency-Key': z.string().max(255).meta({
      description:
        'A text of your own, such as a UUID: the same request sent again with it finds the job that the first one made (200), and another request with it is refused.',
    }),
  })
  .partial();

const unixTime = (text: string) => z.int().min(0).meta({ description: text });

export const jobListQuery = z
  .object({
    status: z.array(z.enum(JOB_STATUSES)).meta({
      description: 'Only jobs with one of these: repeated, or with commas between them.',
    }),
    batch: z.string().meta({ description: 'Only jobs of this batch.' }),
    created_after: unixTime('Unix seconds: only jobs made from then on.'),
    created_before: unixTime('Unix seconds: only jobs made until then.'),
    limit: z.int().min(1).max(100).default(20).meta({ description: 'Jobs on a page.' }),
    after: z.string().meta({ description: '`last_id` of the page before.' }),
    order: z.enum(['asc', 'desc']).default('desc').meta({ description: '`desc`: newest first.' }),
  })
  .partial();

export const resultQuery = z
  .object({
    response_format: z.enum(responseFormats).meta({
      description: 'Left out: the one that the job asked for.',
    }),
    'timestamp_granularities[]': z
      .array(z.enum(granularities))
      .meta({ description: 'What `verbose_json` gives times for.' }),
  })
  .partial();

const AFTER = 'Number of the last event that is known already: only later ones come.';

export const eventsQuery = z
  .object({ after: z.int().min(0).meta({ description: AFTER }) })
  .partial();

export const eventsHeader = z
  .object({
    'Last-Event-ID': z
      .int()
      .min(0)
      .meta({ description: `${AFTER} Wins over \`after\`.` }),
  })
  .partial();

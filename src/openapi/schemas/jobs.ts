import { z } from 'zod';
import { JOB_STATUSES } from '#services/jobs/types.js';
import { EXAMPLE_JOB } from '../examples.js';
import { errorAnswer } from './service.js';

/** The bodies of jobs and batches; what is not known is null. */

const unixTime = z.int().min(0);
const seconds = z.number().min(0);
const share = z.number().min(0).max(1);
const error = errorAnswer.shape.error;
const path = z.string();

export const jobStatus = z.enum(JOB_STATUSES).meta({
  description: '`pending` waits, `processing` is worked on; the others are final.',
});

const delivery = z.strictObject({
  at: unixTime,
  attempt: z.int().min(1),
  status: z.int().nullable().meta({ description: 'HTTP status of the answer.' }),
  failure: z.string().nullable().meta({ description: 'Why there was none.' }),
});

export const job = z
  .strictObject({
    id: z.string(),
    object: z.literal('transcription.job'),
    status: jobStatus,
    file_name: z.string().meta({ description: 'As the client called it.' }),
    bytes: z.int().min(0),
    model: z.string(),
    vocabulary: z.string().nullable().meta({
      description:
        'What is done with `prompt` and `keywords[]`, as in `x-whosaid-vocabulary`; null where none was sent.',
    }),
    created_at: unixTime,
    started_at: unixTime.nullable(),
    completed_at: unixTime.nullable().meta({ description: 'When it reached its final status.' }),
    progress: share,
    audio_seconds: seconds.meta({ description: 'How much of the recording is worked through.' }),
    duration: seconds.nullable().meta({ description: 'Length of the recording.' }),
    position: z.int().min(1).nullable().meta({ description: 'While it waits: 1 is next.' }),
    speed: z.number().min(0).nullable().meta({
      description: 'Seconds of the recording for each second of work.',
    }),
    eta_seconds: z.int().min(0).nullable().meta({ description: 'How long the rest may take.' }),
    error: error.nullable().meta({ description: 'Why it failed.' }),
    batch_id: z.string().nullable(),
    webhook: z
      .strictObject({
        url: z.string().nullable().meta({
          description: "Without its query; null for the operator's own.",
        }),
        deliveries: z.array(delivery),
      })
      .nullable(),
    cached: z.boolean().meta({
      description: 'The transcript is that of an earlier job with the same audio and options.',
    }),
    expires_at: unixTime.nullable().meta({ description: 'When it is deleted, if it is.' }),
    links: z.strictObject({ self: path, result: path, events: path, cancel: path }),
  })
  .meta({ description: 'A recording that is transcribed whether or not anybody waits for it.' });

export const jobList = z.strictObject({
  object: z.literal('list'),
  data: z.array(job),
  first_id: z.string().nullable(),
  last_id: z.string().nullable().meta({ description: '`after` of the next page.' }),
  has_more: z.boolean(),
});

export const jobDeleted = z
  .strictObject({
    id: z.string(),
    object: z.literal('transcription.job'),
    deleted: z.literal(true),
  })
  .meta({ examples: [{ id: EXAMPLE_JOB, object: 'transcription.job', deleted: true }] });

const batchLinks = z.strictObject({ self: path, jobs: path });

export const batch = z.strictObject({
  id: z.string(),
  object: z.literal('transcription.batch'),
  jobs: z.array(job),
  failed: z
    .array(z.strictObject({ index: z.int().min(0), file_name: z.string(), error }))
    .meta({ description: 'Recordings of which no job was made, by their place in the request.' }),
  links: batchLinks,
});

export const batchSummary = z.strictObject({
  id: z.string(),
  object: z.literal('transcription.batch'),
  created_at: unixTime,
  completed_at: unixTime.nullable().meta({ description: 'When the last of its jobs ended.' }),
  counts: z
    .strictObject({ total: z.int().min(1) })
    .extend(Object.fromEntries(JOB_STATUSES.map((status) => [status, z.int().min(0)])))
    .meta({ description: 'Jobs by their status.' }),
  progress: share.meta({ description: 'Mean over its jobs; those that have ended count as 1.' }),
  audio_seconds: seconds,
  links: batchLinks,
});

const at = z.number().min(0).meta({ description: 'Unix seconds.' });

export const jobStatusEvent = z
  .strictObject({
    type: z.literal('job.status'),
    at,
    status: jobStatus,
    error: error.nullable(),
  })
  .meta({ description: 'The job has this status now; a final one is the last event.' });

export const jobProgressEvent = z
  .strictObject({
    type: z.literal('job.progress'),
    at,
    audio_seconds: seconds,
    duration: seconds.nullable(),
    progress: share,
  })
  .meta({
    description: 'How far the work is, twice a second at most.',
    examples: [
      {
        type: 'job.progress',
        at: 1795000000.25,
        audio_seconds: 118.4,
        duration: 3600,
        progress: 0.033,
      },
    ],
  });

export const jobSegmentEvent = z
  .strictObject({
    type: z.literal('job.segment'),
    at,
    id: z.int().min(0),
    start: seconds,
    end: seconds,
    text: z.string(),
    speaker: z.string().optional().meta({ description: 'Where speakers were asked for.' }),
  })
  .meta({ description: 'One more stretch of speech; with speakers they come at the end.' });

export const jobEvent = z
  .union([jobStatusEvent, jobProgressEvent, jobSegmentEvent, errorAnswer])
  .meta({
    description:
      'What stands behind `data: `; `event: ` is its type, `id: ` its number. An error without them ends a stream early, when the server stops: the job goes on.',
  });

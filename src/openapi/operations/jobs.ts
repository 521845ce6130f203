import { refTo } from '../components.js';
import { uploadErrors } from '../error-responses.js';
import {
  batchExamples,
  eventsExamples,
  jobExamples,
  jobListExamples,
  resultExamples,
} from '../examples.js';
import {
  batchRequest,
  eventsHeader,
  eventsQuery,
  idempotencyHeader,
  jobListQuery,
  jobRequest,
  resultQuery,
} from '../fields/jobs.js';
import { formOperation } from '../form-operation.js';
import { plainOperation } from '../plain-operation.js';
import type { MediaType, ParameterObject, ResponseObject } from '../types.js';

const tag = 'Jobs';
/** Of no job: a server answers the examples of these operations for one that it has. */
export const EXAMPLE_JOB = 'c0ffee00-1d2e-4f3a-8b4c-5d6e7f809102';
const JOB_PATH = `/v1/audio/jobs/${EXAMPLE_JOB}`;

const text: MediaType = { schema: { type: 'string' } };

/** The id in a path. */
export const idParameter = (description: string): ParameterObject => ({
  name: 'id',
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
  examples: { id: { summary: 'A UUID', value: EXAMPLE_JOB } },
});

const jobParameters = [idParameter('Id of a job.')];

/** 202, and 200 for a request that was sent before. */
const made = (shape: 'Job' | 'Batch', what: string): Record<string, ResponseObject> => {
  const content = { 'application/json': { schema: refTo(shape) } };
  const description = `Made before by the same request with this Idempotency-Key: ${what}.`;
  return {
    200: { description, content },
    202: {
      description: 'It is kept, and done whether or not anybody waits.',
      headers: { Location: { description: 'Its path.', schema: { type: 'string' } } },
      content,
    },
  };
};

const CREATION = ['jobs_full', 'jobs_unavailable', 'idempotency_conflict'] as const;
const URLS = ['url_forbidden', 'url_disabled', 'file_and_url', 'url_unreachable'] as const;

/** `POST /audio/jobs`. */
export const createJob = formOperation({
  operationId: 'createJob',
  tag,
  summary: 'Transcribe a recording as a job',
  description:
    'Takes the fields of a transcription or, with `task=translate`, of a translation, and answers at once. What can be checked before work is done is checked now. docs/jobs.md says how to go on.',
  path: '/v1/audio/jobs',
  form: jobRequest,
  headers: idempotencyHeader,
  examples: jobExamples,
  responses: {
    ...made('Job', 'the job as it is now'),
    ...uploadErrors({ own: [...CREATION, ...URLS] }),
  },
});

/** `GET /audio/jobs`. */
export const listJobs = plainOperation({
  operationId: 'listJobs',
  tag,
  summary: 'List jobs',
  description: 'Those that were made with the same key, or without one where there are no keys.',
  path: '/v1/audio/jobs',
  answer: 'JobList',
  query: jobListQuery,
  examples: jobListExamples,
  errors: ['field_invalid', 'cursor_unknown', 'jobs_unavailable'],
});

/** `GET /audio/jobs/{id}`. */
export const retrieveJob = plainOperation({
  operationId: 'retrieveJob',
  tag,
  summary: 'Say how a job is',
  description: 'Its status, how far it is and what it failed for.',
  path: JOB_PATH,
  answer: 'Job',
  parameters: jobParameters,
  errors: ['job_unknown', 'jobs_unavailable'],
});

/** `DELETE /audio/jobs/{id}`. */
export const deleteJob = plainOperation({
  operationId: 'deleteJob',
  tag,
  summary: 'Delete a job',
  description: 'Cancels it if need be. Nothing of it is left: recording, transcript, events.',
  method: 'DELETE',
  path: JOB_PATH,
  answer: 'JobDeleted',
  parameters: jobParameters,
  errors: ['job_unknown', 'jobs_unavailable'],
});

/** `GET /audio/jobs/{id}/result`. */
export const jobResult = plainOperation({
  operationId: 'retrieveJobResult',
  tag,
  summary: 'Fetch the transcript of a job',
  description:
    'In the format that the job asked for, or in any other: as often and as variously as one likes. The result of a failed job is its error. `x-whosaid-cache: hit` marks a transcript that was there already.',
  path: `${JOB_PATH}/result`,
  answer: {
    'application/json': {
      schema: {
        anyOf: [
          refTo('Transcription'),
          refTo('VerboseTranscription'),
          refTo('DiarizedTranscription'),
          refTo('Translation'),
          refTo('VerboseTranslation'),
        ],
      },
    },
    'text/plain': text,
  },
  parameters: jobParameters,
  query: resultQuery,
  examples: resultExamples,
  errorResponses: uploadErrors({
    own: [
      'job_unknown',
      'job_unfinished',
      'job_cancelled',
      'job_without_speakers',
      'job_abandoned',
      'jobs_unavailable',
    ],
  }),
});

/** `GET /audio/jobs/{id}/events`. */
export const jobEvents = plainOperation({
  operationId: 'listenToJob',
  tag,
  summary: 'Listen to a job',
  description:
    'Server-sent events: all that happened, then all that happens, until the job has ended. Whoever comes again with `Last-Event-ID`, as browsers do by themselves, misses nothing.',
  path: `${JOB_PATH}/events`,
  answer: {
    'text/event-stream': {
      schema: {
        type: 'string',
        description: 'Lines `id: …`, `event: …` and `data: …`, the last one with JSON.',
      },
      'x-content-schema': refTo('JobEvent'),
    },
  },
  parameters: jobParameters,
  query: eventsQuery,
  headers: eventsHeader,
  examples: eventsExamples,
  furtherResponses: {
    204: { description: 'The job has ended, and the client has all of its events.' },
  },
  errors: ['job_unknown', 'field_invalid', 'jobs_unavailable', 'server_stopping'],
});

/** `POST /audio/jobs/{id}/cancel`. */
export const cancelJob = plainOperation({
  operationId: 'cancelJob',
  tag,
  summary: 'Cancel a job',
  description: 'Answers when nothing works on it any more. Its recording is removed.',
  method: 'POST',
  path: `${JOB_PATH}/cancel`,
  answer: 'Job',
  parameters: jobParameters,
  errors: ['job_unknown', 'job_finished', 'jobs_unavailable'],
});

/** `POST /audio/jobs/batch`. */
export const createBatch = formOperation({
  operationId: 'createBatch',
  tag,
  summary: 'Transcribe many recordings as jobs',
  description:
    'The same fields for all of them. A recording of which no job can be made keeps no other from becoming one: it is listed in `failed`.',
  path: '/v1/audio/jobs/batch',
  form: batchRequest,
  headers: idempotencyHeader,
  examples: batchExamples,
  responses: {
    ...made('Batch', 'its jobs as they are now'),
    ...uploadErrors({ own: [...CREATION, ...URLS, 'batch_empty'] }),
  },
});

/** `GET /audio/jobs/batch/{id}`. */
export const retrieveBatch = plainOperation({
  operationId: 'retrieveBatch',
  tag,
  summary: 'Say how a batch is',
  description: 'Its jobs by status and how far they are together; `links.jobs` lists them.',
  path: `/v1/audio/jobs/batch/${EXAMPLE_JOB}`,
  answer: 'BatchSummary',
  parameters: [idParameter('Id of a batch.')],
  errors: ['batch_unknown', 'jobs_unavailable'],
});

import { refTo } from '../components.js';
import { uploadErrors } from '../error-responses.js';
import {
  EXAMPLE_JOB,
  eventsExamples,
  jobExamples,
  jobListExamples,
  resultExamples,
} from '../examples.js';
import {
  eventsHeader,
  eventsQuery,
  idempotencyHeader,
  jobListQuery,
  jobRequest,
  resultQuery,
} from '../fields/jobs.js';
import { formOperation } from '../form-operation.js';
import { plainOperation } from '../plain-operation.js';
import type { MediaType } from '../types.js';
import { CREATION_ERRORS, idParameter, JOBS_TAG, madeResponses, URL_ERRORS } from './job-parts.js';

const JOB_PATH = `/v1/audio/jobs/${EXAMPLE_JOB}`;
const text: MediaType = { schema: { type: 'string' } };
const jobParameters = [idParameter('Id of a job.')];

/** `POST /audio/jobs`. */
export const createJob = formOperation({
  operationId: 'createJob',
  tag: JOBS_TAG,
  summary: 'Transcribe a recording as a job',
  description:
    'Takes the fields of a transcription or, with `task=translate`, of a translation, and answers at once. What can be checked before work is done is checked now. docs/jobs.md says how to go on.',
  path: '/v1/audio/jobs',
  form: jobRequest,
  headers: idempotencyHeader,
  examples: jobExamples,
  responses: {
    ...madeResponses('Job', 'the job as it is now'),
    ...uploadErrors({ own: [...CREATION_ERRORS, ...URL_ERRORS] }),
  },
});

/** `GET /audio/jobs`. */
export const listJobs = plainOperation({
  operationId: 'listJobs',
  tag: JOBS_TAG,
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
  tag: JOBS_TAG,
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
  tag: JOBS_TAG,
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
  tag: JOBS_TAG,
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

/** `GET /audio/jobs/{id}/transcript`. */
export const jobTranscript = plainOperation({
  operationId: 'retrieveJobTranscript',
  tag: JOBS_TAG,
  summary: 'Fetch all that is known of what was said',
  description:
    'The transcript before it is written in a format: the confidence of every word, the turns of the speakers and the seconds that each is heard, times as they were found, and how the job wanted it written.',
  path: `${JOB_PATH}/transcript`,
  answer: 'JobTranscript',
  parameters: jobParameters,
  errorResponses: uploadErrors({
    own: ['job_unknown', 'job_unfinished', 'job_cancelled', 'job_abandoned', 'jobs_unavailable'],
  }),
});

/** `GET /audio/jobs/{id}/events`. */
export const jobEvents = plainOperation({
  operationId: 'listenToJob',
  tag: JOBS_TAG,
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
  tag: JOBS_TAG,
  summary: 'Cancel a job',
  description: 'Answers when nothing works on it any more. Its recording is removed.',
  method: 'POST',
  path: `${JOB_PATH}/cancel`,
  answer: 'Job',
  parameters: jobParameters,
  errors: ['job_unknown', 'job_finished', 'jobs_unavailable'],
});

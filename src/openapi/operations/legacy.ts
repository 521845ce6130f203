import { refTo } from '../components.js';
import { uploadErrors } from '../error-responses.js';
import { EXAMPLE_JOB, legacyExamples } from '../examples.js';
import { legacyForm } from '../fields/legacy.js';
import { formOperation } from '../form-operation.js';
import { plainOperation } from '../plain-operation.js';
import { idParameter } from './job-parts.js';

const tag = 'Older API';
const JOB_PATH = `/jobs/${EXAMPLE_JOB}`;
const parameters = [idParameter('Id of a job.')];
const errorSchema = 'AdapterError';

/** `POST /transcribe`. */
export const transcribe = formOperation({
  operationId: 'transcribe',
  tag,
  summary: 'Transcribe a recording',
  description: 'As the REST server had it that this one replaces. See docs/jobs.md.',
  path: '/transcribe',
  form: legacyForm,
  examples: legacyExamples,
  responses: {
    200: {
      description: 'What is said.',
      content: { 'application/json': { schema: refTo('LegacyTranscript') } },
    },
    ...uploadErrors({ schema: errorSchema, own: ['model_family_missing'] }),
  },
});

/** `POST /transcribe/async`. */
export const transcribeAsync = formOperation({
  operationId: 'transcribeAsync',
  tag,
  summary: 'Transcribe a recording as a job',
  description: 'Its jobs are those of `/v1/audio/jobs`: they outlive a restart.',
  path: '/transcribe/async',
  form: legacyForm,
  examples: legacyExamples,
  responses: {
    200: {
      description: 'The job that was made.',
      content: { 'application/json': { schema: refTo('LegacyStarted') } },
    },
    ...uploadErrors({
      schema: errorSchema,
      own: ['model_family_missing', 'jobs_full', 'jobs_unavailable', 'idempotency_conflict'],
    }),
  },
});

/** `GET /jobs/{id}/status`. */
export const legacyStatus = plainOperation({
  operationId: 'legacyJobStatus',
  tag,
  summary: 'Say how a job is',
  description: 'With its result, when it is completed.',
  path: `${JOB_PATH}/status`,
  answer: 'LegacyStatus',
  parameters,
  errors: ['job_unknown', 'jobs_unavailable'],
  errorSchema,
});

/** `GET /jobs/{id}/result`. */
export const legacyResult = plainOperation({
  operationId: 'legacyJobResult',
  tag,
  summary: 'Fetch the transcript of a job',
  description: 'A job that failed is answered with 500 and what it failed for.',
  path: `${JOB_PATH}/result`,
  answer: 'LegacyTranscript',
  parameters,
  errors: ['job_unknown', 'job_unfinished', 'job_cancelled', 'job_abandoned', 'jobs_unavailable'],
  errorSchema,
});

/** `POST /jobs/{id}/cancel`. */
export const legacyCancel = plainOperation({
  operationId: 'legacyCancelJob',
  tag,
  summary: 'Cancel a job',
  description: 'Answers when nothing works on it any more.',
  method: 'POST',
  path: `${JOB_PATH}/cancel`,
  answer: 'LegacyCancelled',
  parameters,
  errors: ['job_unknown', 'job_finished', 'jobs_unavailable'],
  errorSchema,
});

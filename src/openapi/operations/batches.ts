import { uploadErrors } from '../error-responses.js';
import { batchExamples, EXAMPLE_JOB } from '../examples.js';
import { batchRequest, idempotencyHeader } from '../fields/jobs.js';
import { formOperation } from '../form-operation.js';
import { plainOperation } from '../plain-operation.js';
import { CREATION_ERRORS, idParameter, JOBS_TAG, madeResponses, URL_ERRORS } from './job-parts.js';

/** `POST /audio/jobs/batch`. */
export const createBatch = formOperation({
  operationId: 'createBatch',
  tag: JOBS_TAG,
  summary: 'Transcribe many recordings as jobs',
  description:
    'The same fields for all of them. A recording of which no job can be made keeps no other from becoming one: it is listed in `failed`.',
  path: '/v1/audio/jobs/batch',
  form: batchRequest,
  headers: idempotencyHeader,
  examples: batchExamples,
  responses: {
    ...madeResponses('Batch', 'its jobs as they are now'),
    ...uploadErrors({ own: [...CREATION_ERRORS, ...URL_ERRORS, 'batch_empty'] }),
  },
});

/** `GET /audio/jobs/batch/{id}`. */
export const retrieveBatch = plainOperation({
  operationId: 'retrieveBatch',
  tag: JOBS_TAG,
  summary: 'Say how a batch is',
  description: 'Its jobs by status and how far they are together; `links.jobs` lists them.',
  path: `/v1/audio/jobs/batch/${EXAMPLE_JOB}`,
  answer: 'BatchSummary',
  parameters: [idParameter('Id of a batch.')],
  errors: ['batch_unknown', 'jobs_unavailable'],
});

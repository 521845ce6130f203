import { refTo } from '../components.js';
import { EXAMPLE_JOB } from '../examples.js';
import type { ParameterObject, ResponseObject } from '../types.js';

export const JOBS_TAG = 'Jobs';

/** What making a job may be answered with besides what any upload may. */
export const CREATION_ERRORS = ['jobs_full', 'jobs_unavailable', 'idempotency_conflict'] as const;

export const URL_ERRORS = [
  'url_forbidden',
  'url_disabled',
  'file_and_url',
  'url_unreachable',
] as const;

/** The id in a path. */
export const idParameter = (description: string): ParameterObject => ({
  name: 'id',
  in: 'path',
  required: true,
  description,
  schema: { type: 'string' },
  examples: { id: { summary: 'A UUID', value: EXAMPLE_JOB } },
});

/** 202, and 200 for a request that was sent before. */
export function madeResponses(
  shape: 'Job' | 'Batch',
  what: string,
): Record<string, ResponseObject> {
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
}

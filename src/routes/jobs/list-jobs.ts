import type { RequestHandler } from 'express';
import { z } from 'zod';
import { JOB_STATUSES, type JobQuery, type JobStatus } from '#services/jobs/types.js';
import type { AppDeps } from '../../app-deps.js';
import { ownerOf } from '../../middleware/owner-of.js';
import { withPlainNames } from '../field-names.js';
import {
  isPresent,
  list,
  rejectWith,
  shown,
  single,
  toCatalogued,
  wholeNumberField,
} from '../field-readers.js';
import { jobObject } from './job-object.js';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
/** The year 9999: what is later is no date. */
const MAX_UNIX_SECONDS = 253_402_300_799;

const unixTime = (param: string) => wholeNumberField(param, { min: 0, max: MAX_UNIX_SECONDS });

/** Repeated or with commas between them. */
const statuses = list.transform((items, context): JobStatus[] =>
  items
    .flatMap((item) => item.split(','))
    .map((item) => item.trim().toLowerCase())
    .filter(isPresent)
    .map(
      (word) =>
        JOB_STATUSES.find((status) => status === word) ??
        rejectWith(context, 'field_invalid', {
          param: 'status',
          expected: JOB_STATUSES.map((status) => `'${status}'`).join(', '),
          received: `'${shown(word)}'`,
        }),
    ),
);

const order = single.transform((text, context): 'asc' | 'desc' => {
  const word = text?.trim().toLowerCase() ?? 'desc';
  if (word === 'asc' || word === 'desc') return word;
  return rejectWith(context, 'field_invalid', {
    param: 'order',
    expected: "'asc' (oldest first) or 'desc' (newest first)",
    received: `'${shown(word)}'`,
  });
});

const schema = z.object({
  status: statuses,
  batch: single,
  created_after: unixTime('created_after'),
  created_before: unixTime('created_before'),
  limit: wholeNumberField('limit', { min: 1, max: MAX_LIMIT }),
  after: single,
  order,
});

/** Names of what a list can be asked for. */
export const jobQueryNames: readonly string[] = Object.keys(schema.shape);

/** Reads the query of a list. Throws `field_invalid`. */
export function parseJobQuery(query: Readonly<Record<string, unknown>>): Omit<JobQuery, 'owner'> {
  const result = schema.safeParse(withPlainNames(query));
  if (!result.success) throw toCatalogued(result.error);
  const { status, batch, created_after: from, created_before: to, after } = result.data;
  return {
    ...(status.length > 0 && { statuses: status }),
    ...(batch !== undefined && { batchId: batch }),
    ...(from !== undefined && { createdFrom: from * 1000 }),
    // All of that second, since this is what `created_at` shows.
    ...(to !== undefined && { createdTo: to * 1000 + 999 }),
    ...(after !== undefined && { after }),
    limit: result.data.limit ?? DEFAULT_LIMIT,
    order: result.data.order,
  };
}

/** `GET /audio/jobs`: the jobs of a key, page by page, as OpenAI's lists are. */
export function listJobs(deps: AppDeps): RequestHandler {
  return async (request, response) => {
    const query = { ...parseJobQuery(request.query), owner: ownerOf(request) };
    const { jobs, hasMore } = await deps.jobs.list(query);
    response.json({
      object: 'list',
      data: jobs.map((job) => jobObject(job, deps)),
      first_id: jobs.at(0)?.id ?? null,
      last_id: jobs.at(-1)?.id ?? null,
      has_more: hasMore,
    });
  };
}

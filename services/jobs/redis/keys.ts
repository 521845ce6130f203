/**
 * Names of what is kept in Redis, behind one prefix. Scripts build the same names (script.ts):
 *
 * - `job:<id>` hash: the job; `events:<id>` stream: what happened to it; `deliveries:<id>` list: what its webhook was told
 * - `starts:<id>`, `progress:<id>` hashes: of each piece of work, how often it was begun and how far it is
 * - `of:<owner>`, `batch:<batch>` sorted sets: ids by the time at which they were made, which no two share
 * - `pending`, `processing`, `ended` sorted sets: ids by time; `bytes`: of the recordings of jobs that have not ended
 * - `idempotency:<owner>` hash: ids by key
 * - `webhooks` sorted set: ids by the time at which their webhook is to be told
 * - `turn`, `turns`, `open`: whose turn it is (turns.ts)
 * - channels `news:<id>`, `cancelled`, `due`: there is something new about a job, nobody wants it any more, there is a
 *   webhook to be told
 */

/** The braces let a cluster keep all of it in one place. */
export const DEFAULT_PREFIX = '{whosaid}';

export type Keys = ReturnType<typeof keysBehind>;

export function keysBehind(prefix: string) {
  const named = (name: string) => `${prefix}:${name}`;
  return {
    prefix,
    job: (id: string) => named(`job:${id}`),
    events: (id: string) => named(`events:${id}`),
    deliveries: (id: string) => named(`deliveries:${id}`),
    of: (owner: string) => named(`of:${owner}`),
    batch: (owner: string, id: string) => named(`batch:${owner}:${id}`),
    idempotency: (owner: string) => named(`idempotency:${owner}`),
    pending: named('pending'),
    processing: named('processing'),
    ended: named('ended'),
    webhooks: named('webhooks'),
    news: (id: string) => named(`news:${id}`),
    cancelled: named('cancelled'),
    due: named('due'),
    /** BullMQ's own. */
    queues: named('queues'),
  };
}

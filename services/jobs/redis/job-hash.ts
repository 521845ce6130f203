import type { PlainError } from '#utils/errors/whosaid-error.js';
import type { Job, JobRendering, JobStatus, JobWork, NewJob, WebhookDelivery } from '../types.js';

/** A job with what only those need who work on it. */
export type StoredJob = Job & {
  /** Name of the recording's file. */
  readonly file: string;
  /** Tag of its turn. */
  readonly turn: number;
};

/** Fields and values of a new job, one after another, besides those that the script sets. */
export function newJobFields(job: NewJob): string[] {
  const { fileName, file, work, rendering, batchId, webhookUrl } = job;
  const fields = {
    fileName,
    file,
    work: JSON.stringify(work),
    rendering: JSON.stringify(rendering),
    ...(batchId !== undefined && { batchId }),
    ...(webhookUrl !== undefined && { webhookUrl }),
  };
  return Object.entries(fields).flat();
}

/** Undefined where the hash is empty: there is no such job. */
export function jobOfHash(
  hash: Readonly<Record<string, string>>,
  more: { readonly deliveries: readonly string[]; readonly pendingBefore: number | null },
): StoredJob | undefined {
  const { id, owner, status, work, rendering } = hash;
  if (id === undefined || owner === undefined || work === undefined) return undefined;
  const { deliveries, pendingBefore } = more;
  const { batchId, webhookUrl, error } = hash;
  return {
    id,
    owner,
    status: status as JobStatus,
    fileName: hash.fileName ?? '',
    file: hash.file ?? '',
    turn: Number(hash.turn ?? 0),
    bytes: Number(hash.bytes),
    work: JSON.parse(work) as JobWork,
    rendering: JSON.parse(rendering ?? '{}') as JobRendering,
    ...(batchId !== undefined && { batchId }),
    ...(webhookUrl !== undefined && { webhookUrl }),
    createdAt: Number(hash.createdAt),
    ...numberOf('startedAt', hash),
    ...numberOf('endedAt', hash),
    audioSeconds: Number(hash.audioSeconds ?? 0),
    ...numberOf('totalSeconds', hash),
    ...(status === 'pending' && pendingBefore !== null && { position: pendingBefore + 1 }),
    ...(error !== undefined && { error: JSON.parse(error) as PlainError }),
    fromCache: hash.fromCache === '1',
    deliveries: deliveries.map((text) => JSON.parse(text) as WebhookDelivery),
  };
}

function numberOf<Name extends string>(
  name: Name,
  hash: Readonly<Record<string, string>>,
): Partial<Record<Name, number>> {
  const value = hash[name];
  return value === undefined ? {} : ({ [name]: Number(value) } as Record<Name, number>);
}

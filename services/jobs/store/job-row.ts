import type { PlainError } from '#utils/errors/whosaid-error.js';
import type { Job, JobRendering, JobStatus, JobWork, NewJob, WebhookDelivery } from '../types.js';
import type { SqlValues } from './sql.js';

/** A job as it is in the table. */
export type JobRow = {
  readonly number: number;
  readonly id: string;
  readonly owner: string;
  readonly status: JobStatus;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly bytes: number;
  readonly file_name: string;
  readonly file: string;
  readonly work: string;
  readonly rendering: string;
  readonly batch_id: string | null;
  readonly webhook_url: string | null;
  readonly fingerprint: string | null;
  readonly audio_seconds: number;
  readonly total_seconds: number | null;
  readonly error: string | null;
  readonly from_cache: number;
};

export const JOB_COLUMNS =
  'number, id, owner, status, created_at, started_at, ended_at, bytes, file_name, file, work, ' +
  'rendering, batch_id, webhook_url, fingerprint, audio_seconds, total_seconds, error, from_cache';

/** Of the open jobs nothing but the index is read, which holds number, status and bytes. */
export const OPEN_JOBS = "jobs INDEXED BY jobs_open WHERE status IN ('pending', 'processing')";

export const INSERT_JOB = `
  INSERT INTO jobs (id, owner, status, created_at, bytes, file_name, file, work, rendering,
    batch_id, webhook_url, idempotency_key, fingerprint)
  VALUES (:id, :owner, 'pending', :createdAt, :bytes, :fileName, :file, :work, :rendering,
    :batchId, :webhookUrl, :idempotencyKey, :fingerprint)
  RETURNING ${JOB_COLUMNS}`;

export function newJobValues(
  job: NewJob & { readonly id: string; readonly createdAt: number },
): SqlValues {
  return {
    id: job.id,
    owner: job.owner,
    createdAt: job.createdAt,
    bytes: job.bytes,
    fileName: job.fileName,
    file: job.file,
    work: JSON.stringify(job.work),
    rendering: JSON.stringify(job.rendering),
    batchId: job.batchId ?? null,
    webhookUrl: job.webhookUrl ?? null,
    idempotencyKey: job.idempotency?.key ?? null,
    fingerprint: job.idempotency?.fingerprint ?? null,
  };
}

/** `position` is undefined unless the job is pending. */
export function jobOf(
  row: JobRow,
  more: { readonly position: number | undefined; readonly deliveries: readonly WebhookDelivery[] },
): Job {
  return {
    id: row.id,
    owner: row.owner,
    status: row.status,
    fileName: row.file_name,
    bytes: row.bytes,
    work: JSON.parse(row.work) as JobWork,
    rendering: JSON.parse(row.rendering) as JobRendering,
    ...(row.batch_id !== null && { batchId: row.batch_id }),
    ...(row.webhook_url !== null && { webhookUrl: row.webhook_url }),
    createdAt: row.created_at,
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    audioSeconds: row.audio_seconds,
    ...(row.total_seconds !== null && { totalSeconds: row.total_seconds }),
    ...(more.position !== undefined && { position: more.position }),
    ...(row.error !== null && { error: JSON.parse(row.error) as PlainError }),
    fromCache: row.from_cache === 1,
    deliveries: more.deliveries,
  };
}

import type { Job } from '#services/jobs/types.js';
import { isFinal } from '#services/jobs/types.js';
import { type PlainError, WhosaidError } from '#utils/errors/whosaid-error.js';
import { seconds } from '#utils/formats/numbers.js';
import type { AppSettings } from '../../app-deps.js';
import { errorBody } from '../../middleware/error-handler.js';

export type JobObjectContext = {
  readonly settings: Pick<AppSettings, 'jobRetentionHours' | 'webhookUrl'>;
};

const HOUR_SECONDS = 3600;

/** A job as it is answered. Times of day are Unix seconds, as OpenAI has them; what is not known is null. */
export function jobObject(job: Job, { settings }: JobObjectContext) {
  const { id, startedAt, endedAt, error, webhookUrl } = job;
  const isOver = isFinal(job.status);
  const speed = speedOf(job);
  return {
    id,
    object: 'transcription.job',
    status: job.status,
    file_name: job.fileName,
    bytes: job.bytes,
    model: job.work.model,
    vocabulary: job.work.vocabulary ?? null,
    created_at: unixSeconds(job.createdAt),
    started_at: startedAt === undefined ? null : unixSeconds(startedAt),
    completed_at: endedAt === undefined ? null : unixSeconds(endedAt),
    progress: progressOf(job),
    audio_seconds: seconds(job.audioSeconds),
    duration: job.totalSeconds === undefined ? null : seconds(job.totalSeconds),
    position: job.position ?? null,
    speed,
    eta_seconds: isOver ? null : etaSeconds(job, speed),
    error: error === undefined ? null : errorObject(error),
    batch_id: job.batchId ?? null,
    webhook: webhookUrl === undefined ? null : webhookObject(job, settings),
    cached: job.fromCache,
    expires_at:
      endedAt === undefined || settings.jobRetentionHours === 0
        ? null
        : Math.floor(endedAt / 1000 + settings.jobRetentionHours * HOUR_SECONDS),
    links: jobLinks(id),
  };
}

/** Paths of what belongs to a job. */
export function jobLinks(id: string) {
  const self = `/v1/audio/jobs/${id}`;
  return { self, result: `${self}/result`, events: `${self}/events`, cancel: `${self}/cancel` };
}

/** 0 to 1: how much of its recording is worked through, as far as its length is known. */
export function progressOf({
  status,
  audioSeconds,
  totalSeconds,
}: Pick<Job, 'status' | 'audioSeconds' | 'totalSeconds'>): number {
  if (status === 'completed') return 1;
  if (totalSeconds === undefined || totalSeconds === 0) return 0;
  return Math.min(1, Math.round((1000 * audioSeconds) / totalSeconds) / 1000);
}

/** An error as in the body of an answer. */
export function errorObject(error: PlainError) {
  return errorBody(WhosaidError.fromPlain(error)).error;
}

export function unixSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Seconds of the recording for each second since the work began. */
function speedOf({ startedAt, endedAt, audioSeconds, fromCache }: Job): number | null {
  if (startedAt === undefined || audioSeconds === 0 || fromCache) return null;
  const workMs = (endedAt ?? Date.now()) - startedAt;
  return workMs > 0 ? Math.round((100_000 * audioSeconds) / workMs) / 100 : null;
}

function etaSeconds({ audioSeconds, totalSeconds }: Job, speed: number | null): number | null {
  if (speed === null || speed === 0 || totalSeconds === undefined) return null;
  return Math.max(0, Math.ceil((totalSeconds - audioSeconds) / speed));
}

function webhookObject(
  { webhookUrl, deliveries }: Job,
  settings: JobObjectContext['settings'],
): object {
  return {
    // The operator's own is nothing for whoever sends recordings.
    url: webhookUrl === (settings.webhookUrl ?? undefined) ? null : bare(webhookUrl ?? ''),
    deliveries: deliveries.map(({ at, attempt, status, failure }) => ({
      at: unixSeconds(at),
      attempt,
      status: status ?? null,
      failure: failure ?? null,
    })),
  };
}

/** Without what may be secret. */
function bare(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

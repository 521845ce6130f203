import type { Job } from '#services/jobs/types.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** What a webhook is told. */
export type WebhookEvent = {
  /** The same for all attempts to tell it, so that a receiver can pass over what it has seen. */
  readonly id: string;
  /** JSON, the same for all attempts. */
  readonly body: string;
};

/** The end of a job, without its transcript and without what its recording is called. */
export function webhookEvent(job: Job): WebhookEvent {
  const self = `/v1/audio/jobs/${job.id}`;
  const payload = {
    type: `transcription.job.${job.status}`,
    timestamp: new Date(job.endedAt ?? job.createdAt).toISOString(),
    data: {
      id: job.id,
      status: job.status,
      model: job.work.model,
      ...(job.batchId !== undefined && { batch_id: job.batchId }),
      ...(job.totalSeconds !== undefined && { duration: job.totalSeconds }),
      ...(job.error !== undefined && { error: errorOf(WhosaidError.fromPlain(job.error)) }),
      links: { self, ...(job.status === 'completed' && { result: `${self}/result` }) },
    },
  };
  // A job ends once.
  return { id: `msg_${job.id}`, body: JSON.stringify(payload) };
}

function errorOf({ message, entry }: WhosaidError) {
  return { code: entry.code, message };
}

import { Counter, Histogram, type Registry } from 'prom-client';
import { type EndedJob, RETRY_REASONS, type WorkEvent } from '#services/jobs/work-event.js';
import { ATTEMPT_OUTCOMES, type AttemptOutcome } from '#services/webhooks/dispatcher.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const FINAL_STATUSES = ['completed', 'failed', 'cancelled'];

/** From a free place to a night behind others, in seconds. */
const WAIT_BUCKETS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400, 43_200];
/** From a sentence to a recording of a day, in seconds. */
const WORK_BUCKETS = [0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 14_400, 43_200];

/** What happens to jobs by the work of this process, and to webhooks. */
export function jobEventMetrics(registry: Registry) {
  const ended = jobEnds(registry);
  const registers = [registry];
  const chunks = new Counter({
    name: 'whosaid_job_chunks_total',
    help: 'Chunks of jobs whose result this process stored.',
    registers,
  });
  const retries = new Counter({
    name: 'whosaid_job_retries_total',
    help: 'Work on jobs that was begun anew: after an error that may pass, because its machine was lost (stalled, told by the one that found it), because shared files could not be reached.',
    labelNames: ['reason'],
    registers,
  });
  const attempts = new Counter({
    name: 'whosaid_webhook_attempts_total',
    help: 'Attempts of this gateway to tell a webhook: delivered, failed (tried again later), given_up, unwanted (the receiver or its job is no more).',
    labelNames: ['outcome'],
    registers,
  });
  for (const reason of RETRY_REASONS) retries.inc({ reason }, 0);
  for (const outcome of ATTEMPT_OUTCOMES) attempts.inc({ outcome }, 0);
  return {
    workEvent(event: WorkEvent): void {
      if (event.type === 'ended') ended(event.job);
      if (event.type === 'chunk') chunks.inc();
      if (event.type === 'retried') retries.inc({ reason: event.reason });
    },
    webhookAttempt(outcome: AttemptOutcome): void {
      attempts.inc({ outcome });
    },
  };
}

/** A job that never began has neither waited nor been worked on. */
function jobEnds(registry: Registry): (job: EndedJob) => void {
  const registers = [registry];
  const ends = new Counter({
    name: 'whosaid_jobs_ended_total',
    help: 'Jobs that got their final status from this process: sums over all gateways and workers are those of all.',
    labelNames: ['status'],
    registers,
  });
  const failures = new Counter({
    name: 'whosaid_job_failures_total',
    help: 'Those that failed, by the key of docs/errors.md and its HTTP status (4xx: the recording or the request was wrong).',
    labelNames: ['error', 'status'],
    registers,
  });
  const waits = new Histogram({
    name: 'whosaid_job_wait_seconds',
    help: 'Time from making a job until it was begun, of those that whosaid_jobs_ended_total counts.',
    buckets: WAIT_BUCKETS,
    registers,
  });
  const durations = new Histogram({
    name: 'whosaid_job_duration_seconds',
    help: 'Time from the beginning of a job to its end, pauses and restarts included.',
    labelNames: ['status'],
    buckets: WORK_BUCKETS,
    registers,
  });
  for (const status of FINAL_STATUSES) ends.inc({ status }, 0);
  return ({ status, createdAt, startedAt, endedAt, error }) => {
    ends.inc({ status });
    if (error) {
      const { key, status: httpStatus } = WhosaidError.fromPlain(error);
      failures.inc({ error: key, status: String(httpStatus) });
    }
    if (startedAt === undefined) return;
    // The clock may have been set back.
    waits.observe(Math.max(0, startedAt - createdAt) / 1000);
    durations.observe({ status }, Math.max(0, (endedAt ?? startedAt) - startedAt) / 1000);
  };
}

import type { Registry } from 'prom-client';
import { addGauge } from './add-gauge.js';
import type { MetricSources } from './sources.js';

/** How many jobs wait and are worked on. Of jobs that machines share, every gateway tells the same. */
export async function addJobGauges(registry: Registry, { jobs }: MetricSources): Promise<void> {
  if (jobs === undefined) return;
  const { pending, processing, oldestPendingSeconds, waitingChunks } = await jobs.backlog();
  addGauge(registry, {
    name: 'whosaid_jobs',
    help: 'Jobs that wait (pending) and that are worked on (processing). With QUEUE_URL of all machines together: the largest counts, not the sum.',
    samples: [
      { labels: { status: 'pending' }, value: pending },
      { labels: { status: 'processing' }, value: processing },
    ],
  });
  addGauge(registry, {
    name: 'whosaid_jobs_oldest_pending_seconds',
    help: 'How long ago the oldest pending job was made; 0 where none is. With QUEUE_URL of all machines together.',
    samples: [{ value: oldestPendingSeconds }],
  });
  addGauge(registry, {
    name: 'whosaid_job_chunks_waiting',
    help: 'Chunks of jobs that wait for a worker. With QUEUE_URL of all machines together; otherwise 0.',
    samples: [{ value: waitingChunks }],
  });
}

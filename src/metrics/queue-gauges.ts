import type { Registry } from 'prom-client';
import { addGauge } from './add-gauge.js';
import type { MetricSources } from './sources.js';

/** How many requests are received, wait and are worked on, and how many may. */
export function addQueueGauges(registry: Registry, { admission, limits }: MetricSources): void {
  const { receiving, waiting, running } = admission.state();
  const stages = { receiving, waiting, running };
  addGauge(registry, {
    name: 'whosaid_queue_requests',
    help: 'Transcriptions whose upload is received, that wait for their turn, and that are worked on.',
    samples: Object.entries(stages).map(([stage, value]) => ({ labels: { stage }, value })),
  });
  addGauge(registry, {
    name: 'whosaid_queue_limit',
    help: 'MAX_CONCURRENT_REQUESTS (running) and MAX_QUEUED_REQUESTS (waiting, which counts those received too).',
    samples: [
      { labels: { stage: 'waiting' }, value: limits.waiting },
      { labels: { stage: 'running' }, value: limits.running },
    ],
  });
}

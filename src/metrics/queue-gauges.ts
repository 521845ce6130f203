import type { Registry } from 'prom-client';
import { addGauge, type GaugeSample } from './add-gauge.js';
import type { MetricSources } from './sources.js';

/** How many requests are received, wait and are worked on, and how many may. */
export function addQueueGauges(registry: Registry, { requests }: MetricSources): void {
  if (requests === undefined) return;
  const { receiving, waiting, running, long } = requests.admission.state();
  const byStage = (stages: Readonly<Record<string, number>>): GaugeSample[] =>
    Object.entries(stages).map(([stage, value]) => ({ labels: { stage }, value }));
  addGauge(registry, {
    name: 'whosaid_queue_requests',
    help: 'Transcriptions whose upload is received, that wait for their turn, and that are worked on.',
    samples: byStage({ receiving, waiting, running }),
  });
  addGauge(registry, {
    name: 'whosaid_queue_long_requests',
    help: 'Those of whosaid_queue_requests that are taken for long recordings.',
    samples: byStage({ ...long }),
  });
  addGauge(registry, {
    name: 'whosaid_queue_limit',
    help: 'MAX_CONCURRENT_REQUESTS (running) and MAX_QUEUED_REQUESTS (waiting, which counts those received too).',
    samples: byStage({ waiting: requests.maxWaiting, running: requests.maxRunning }),
  });
}

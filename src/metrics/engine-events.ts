import { Counter, Histogram, type Registry } from 'prom-client';
import type { EngineEvent } from '#services/model-manager/hosts/options.js';

/** From a small model out of the system's cache to a large one from a slow disk, in seconds. */
const LOAD_BUCKETS = [0.25, 0.5, 1, 2, 3, 5, 10, 20, 40, 60, 120];

/** What happens to the processes of engines. */
export function engineEventMetrics(registry: Registry) {
  const registers = [registry];
  const labelNames = ['role', 'model'] as const;
  const losses = new Counter({
    name: 'whosaid_engine_losses_total',
    help: 'Engine processes lost: ended, silent (no sign of life), stalled (no progress), memory (over the hard limit).',
    labelNames: [...labelNames, 'reason'],
    registers,
  });
  const startFailures = new Counter({
    name: 'whosaid_engine_start_failures_total',
    help: 'Engine processes that could not load their model.',
    labelNames,
    registers,
  });
  const recycled = new Counter({
    name: 'whosaid_engine_recycled_total',
    help: 'Engine processes replaced between requests, since they had taken much memory.',
    labelNames,
    registers,
  });
  const unloads = new Counter({
    name: 'whosaid_model_unloads_total',
    help: 'Models that were unloaded to make room for others (MODEL_MEMORY).',
    labelNames,
    registers,
  });
  const loads = new Histogram({
    name: 'whosaid_model_load_seconds',
    help: 'Time from the start of an engine process until it could work.',
    labelNames,
    buckets: LOAD_BUCKETS,
    registers,
  });
  return {
    engineEvent(event: EngineEvent): void {
      const { role, model } = event;
      const labels = { role, model };
      if (event.type === 'loaded') loads.observe(labels, event.loadMs / 1000);
      if (event.type === 'lost') losses.inc({ ...labels, reason: event.reason });
      if (event.type === 'start-failed') startFailures.inc(labels);
      if (event.type === 'recycled') recycled.inc(labels);
      if (event.type === 'unloaded') unloads.inc(labels);
    },
  };
}

import { Registry } from 'prom-client';
import { addDiskGauges } from './disk-gauges.js';
import { addEngineGauges } from './engine-gauges.js';
import { addJobGauges } from './job-gauges.js';
import { addMemoryGauges } from './memory-gauges.js';
import { addQueueGauges } from './queue-gauges.js';
import { addRealtimeGauges } from './realtime-gauges.js';
import type { MetricSources } from './sources.js';

const ADDERS = [
  addQueueGauges,
  addRealtimeGauges,
  addJobGauges,
  addEngineGauges,
  addMemoryGauges,
  addDiskGauges,
];

/**
 * What everything is at now, in a registry made for one scrape: nothing stays in it of engines and processes that have
 * gone. A source that fails is left out; the others are told all the same.
 */
export async function snapshotOf(sources: MetricSources): Promise<Registry> {
  const registry = new Registry();
  // One that throws at once is treated as one that rejects.
  await Promise.allSettled(ADDERS.map(async (add) => add(registry, sources)));
  return registry;
}

import { Counter, type Registry } from 'prom-client';
import type { PoolState } from '#services/model-manager/hosts/options.js';
import { addGauge, type GaugeSample } from './add-gauge.js';
import type { MetricSources } from './sources.js';

const STATES = ['stopped', 'starting', 'ready', 'busy', 'waiting'] as const;

/** What the processes of engines are at, for each role and model. */
export function addEngineGauges(registry: Registry, { manager }: MetricSources): void {
  const { pools } = manager.state();
  const ofEach = (measure: (pool: PoolState) => number): GaugeSample[] =>
    pools.map((pool) => ({ labels: labelsOf(pool), value: measure(pool) }));
  addGauge(registry, {
    name: 'whosaid_engine_hosts',
    help: 'Engine processes in each state; ready and busy ones can work, waiting ones are started again after a pause.',
    samples: pools.flatMap((pool) =>
      STATES.map((state) => ({
        labels: { ...labelsOf(pool), state },
        value: pool.hosts.filter((host) => host.state === state).length,
      })),
    ),
  });
  addGauge(registry, {
    name: 'whosaid_engine_queue',
    help: 'Pieces of recordings that wait for a free engine process.',
    samples: ofEach(({ queued }) => queued),
  });
  addGauge(registry, {
    name: 'whosaid_engine_circuit_open',
    help: '1 while these engines take no work, after failure upon failure.',
    samples: ofEach(({ retrySeconds }) => (retrySeconds === undefined ? 0 : 1)),
  });
  addRestarts(registry, pools);
}

function addRestarts(registry: Registry, pools: readonly PoolState[]): void {
  const restarts = new Counter({
    name: 'whosaid_engine_restarts_total',
    help: 'Starts of engine processes after the first of each, whatever the reason, failed ones included.',
    labelNames: ['role', 'model'],
    registers: [registry],
  });
  for (const pool of pools) {
    const count = pool.hosts.reduce((sum, host) => sum + host.restarts, 0);
    restarts.inc(labelsOf(pool), count);
  }
}

function labelsOf({ role, model }: PoolState) {
  return { role, model };
}

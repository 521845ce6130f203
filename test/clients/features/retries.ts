import assert from 'node:assert/strict';
import type { Trouble } from '../support/troublesome-proxy.js';
import { objectOf, SENTENCE } from './expect.js';
import { type Feature, transcribe } from './feature.js';

const retried = (status: number, trouble: Trouble): Feature => ({
  group: 'Retries',
  title: `${status} with Retry-After: tried again after that time, then answered`,
  call: (bench, client) =>
    transcribe(bench, { baseUrl: `${bench.proxy.lane(trouble, client)}/v1`, retries: 2 }),
  check: (outcome, { bench, driver }) => {
    assert.match(String(objectOf(outcome).text), SENTENCE);
    const [first, second, ...more] = bench.proxy.arrivals(trouble, driver.id);
    assert.ok(first && second && more.length === 0, 'it did not come exactly twice');
    const waitedMs = second.atMs - first.atMs;
    // Retry-After is one second; timers may be early by a little.
    assert.ok(waitedMs > 950, `tried again after ${Math.round(waitedMs)} ms`);
  },
});

export const retries = {
  retry503: retried(503, '503-once'),
  retry429: retried(429, '429-once'),
} as const satisfies Record<string, Feature>;

import assert from 'node:assert/strict';
import { constants, PerformanceObserver } from 'node:perf_hooks';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { markHeapAtOnce } from '#src/heap.js';

/** Kinds of collections while audio passes through that nobody keeps. */
async function kindsOfCollections(): Promise<ReadonlySet<number>> {
  const kinds = new Set<number>();
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as unknown as { detail: { kind: number } }[])
      kinds.add(entry.detail.kind);
  });
  observer.observe({ entryTypes: ['gc'] });
  for (let block = 0; block < 300; block++) {
    Buffer.from(new ArrayBuffer(4e6));
    await pause(1);
  }
  await pause(50);
  observer.disconnect();
  return kinds;
}

it('audio that passes through has the heap marked in steps, until it is to be marked at once', async () => {
  const words = Array.from({ length: 100_000 }, (_, index) => ({ word: `w${index}` }));
  const inSteps = constants.NODE_PERFORMANCE_GC_INCREMENTAL;
  let before = await kindsOfCollections();
  for (let round = 0; round < 20 && !before.has(inSteps); round++)
    before = await kindsOfCollections();
  assert.ok(before.has(inSteps));
  markHeapAtOnce();
  await kindsOfCollections(); // what has begun in steps ends so
  const kinds = await kindsOfCollections();
  assert.ok(kinds.size > 0, 'nothing was collected');
  assert.ok(!kinds.has(inSteps));
  assert.equal(words.length, 100_000);
});

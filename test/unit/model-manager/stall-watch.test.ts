import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { StallWatch } from '#services/model-manager/hosts/stall-watch.js';

function watchFor(stallMs: number) {
  const stalls: number[] = [];
  const watch = new StallWatch({ stallMs, onStall: () => stalls.push(performance.now()) });
  return { watch, stalls };
}

/** As if this process, or its machine, had been stopped for a while. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe('stall watch', () => {
  it('tells once of a request that makes no progress for as long as it may', async () => {
    const { watch, stalls } = watchFor(100);
    const startMs = performance.now();
    watch.begin(1, 0.1);
    await pause(150);
    assert.deepEqual(stalls, []);
    await pause(400);
    assert.equal(stalls.length, 1);
    assert.ok((stalls[0] ?? 0) - startMs >= 190);
  });

  it('blames nobody for a time in which it stood still itself', async () => {
    const { watch, stalls } = watchFor(200);
    watch.begin(1, 0);
    standStill(600);
    // Timers come first after that; what was answered meanwhile is read then.
    await pause(1);
    watch.end(1);
    await pause(50);
    assert.deepEqual(stalls, []);
  });

  it('gives a request all its time again with each progress, and none after its end', async () => {
    const { watch, stalls } = watchFor(400);
    watch.begin(1, 0);
    for (let step = 0; step < 6; step++) {
      await pause(100);
      watch.progress(1);
    }
    watch.end(1);
    await pause(500);
    assert.deepEqual(stalls, []);
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Deadline } from '#services/audio/deadline.js';

describe('a deadline of progress', () => {
  it('is missed once when nothing happens for so long', async () => {
    let missed = 0;
    const deadline = new Deadline({ milliseconds: 100, onMissed: () => missed++ });
    deadline.start();
    await pause(400);
    assert.deepEqual([missed, deadline.missed], [1, true]);
  });

  it('is not missed while its own process stands still', async () => {
    const deadline = new Deadline({ milliseconds: 100, onMissed: () => {} });
    deadline.start();
    const untilMs = performance.now() + 300;
    while (performance.now() < untilMs);
    // What came meanwhile is read now.
    await pause(1);
    deadline.stop();
    await pause(200);
    assert.equal(deadline.missed, false);
  });

  it('is not missed while it is started anew again and again', async () => {
    const deadline = new Deadline({ milliseconds: 300, onMissed: () => {} });
    for (let round = 0; round < 6; round++) {
      deadline.start();
      await pause(80);
    }
    deadline.stop();
    assert.equal(deadline.missed, false);
  });
});

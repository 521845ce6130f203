import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAdmission } from '#src/admission.js';
import { phaseTimes } from '#src/middleware/phase-times.js';
import type { RequestContext } from '#src/middleware/request-context.js';
import { timedSeat } from '#src/middleware/timed-seat.js';
import { silentLogger } from '#utils/logging/logger.js';

const NOW_MS = 10_000;

describe('where the time of a request went', () => {
  it('is told as far as the request has come', () => {
    const of = (phases?: RequestContext['phases']) =>
      phaseTimes({ startedMs: 1000, ...(phases && { phases }) }, NOW_MS);
    assert.deepEqual(of(), {});
    assert.deepEqual(of({}), { receivingMs: 9000 });
    assert.deepEqual(of({ queuedMs: 2000 }), { receivingMs: 1000, waitingMs: 8000 });
    assert.deepEqual(of({ queuedMs: 2000, doneMs: 5000 }), { receivingMs: 1000, waitingMs: 3000 });
    const working = { receivingMs: 1000, waitingMs: 2000, workingMs: 6000 };
    assert.deepEqual(of({ queuedMs: 2000, turnMs: 4000 }), working);
    const done = of({ queuedMs: 2000, turnMs: 4000, doneMs: 4500.4 });
    assert.deepEqual(done, { ...working, workingMs: 500 });
  });

  it('is noted from the seat, whether the work succeeds, fails or never begins', async () => {
    const options = { maxRunning: 1, maxWaiting: 2, maxWaitSeconds: 60 };
    const admission = createAdmission(options);
    const contextOf = (): RequestContext => ({
      requestId: '',
      logger: silentLogger,
      addHeader: () => {},
      startedMs: performance.now(),
    });
    const { signal } = new AbortController();
    const first = contextOf();
    let finish = (): void => {};
    const working = timedSeat(admission.enter(), first).run(
      { signal },
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    const leaving = new AbortController();
    const second = contextOf();
    const waiting = timedSeat(admission.enter(), second).run(leaving, async () => {});
    leaving.abort(new Error('left'));
    await assert.rejects(waiting, /left/);
    finish();
    await working;
    const third = contextOf();
    const failing = timedSeat(admission.enter(), third).run({ signal }, () =>
      Promise.reject(new Error('broken')),
    );
    await assert.rejects(failing, /broken/);
    const told = [first, second, third].map(({ phases = {} }) => Object.keys(phases));
    assert.deepEqual(told, [
      ['queuedMs', 'turnMs', 'doneMs'],
      ['queuedMs', 'doneMs'],
      ['queuedMs', 'turnMs', 'doneMs'],
    ]);
    const unused = timedSeat(admission.enter(), contextOf());
    assert.equal(admission.state().receiving, 1);
    unused.leave();
    assert.equal(admission.state().receiving, 0);
  });
});

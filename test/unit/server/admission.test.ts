import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type AdmissionOptions, createAdmission } from '#src/admission.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const never = () => new AbortController().signal;

/** An admission, and work that ends when it is told to. */
function admissionOf(options: Partial<AdmissionOptions> = {}) {
  const admission = createAdmission({
    maxRunning: 1,
    maxWaiting: 2,
    maxWaitSeconds: 1,
    ...options,
  });
  const order: string[] = [];
  const start = (name: string, signal = never()) => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const result = admission.enter().run({ signal }, async () => {
      order.push(name);
      await ended;
      return name;
    });
    result.catch(() => {});
    return { result, end };
  };
  return { admission, order, start };
}

const hasKey = (key: string) => (error: unknown) =>
  error instanceof WhosaidError && error.key === key && Number(error.params.seconds) >= 1;

describe('admission', () => {
  it('lets in as many as there are places, and the others in the order they came', async () => {
    const { admission, order, start } = admissionOf({ maxRunning: 2 });
    const [a, b, c, d] = [start('a'), start('b'), start('c'), start('d')];
    await pause(5);
    assert.deepEqual(order, ['a', 'b']);
    assert.deepEqual(admission.state(), { receiving: 0, waiting: 2, running: 2 });
    b.end();
    assert.equal(await b.result, 'b');
    await pause(5);
    assert.deepEqual(order, ['a', 'b', 'c']);
    for (const work of [a, c, d]) work.end();
    await Promise.all([a.result, c.result, d.result]);
    assert.deepEqual(order, ['a', 'b', 'c', 'd']);
    assert.deepEqual(admission.state(), { receiving: 0, waiting: 0, running: 0 });
  });

  it('turns away whoever finds the queue full, at once and before an upload', async () => {
    const { admission, start } = admissionOf({ maxWaiting: 1 });
    const running = [start('a'), start('b')];
    assert.throws(() => admission.enter(), hasKey('server_busy'));
    for (const { end } of running) end();
    await Promise.all(running.map(({ result }) => result));
    admission.enter();
  });

  it('turns away whoever would have to wait when nobody may', () => {
    const { admission, start } = admissionOf({ maxWaiting: 0 });
    start('a');
    assert.throws(() => admission.enter(), hasKey('server_busy'));
  });

  it('counts those who are still uploading, and gives their room to others when they leave', () => {
    const { admission } = admissionOf();
    const seats = [admission.enter(), admission.enter(), admission.enter()];
    assert.deepEqual(admission.state(), { receiving: 3, waiting: 0, running: 0 });
    assert.throws(() => admission.enter(), /being received: 3/);
    seats[0]?.leave();
    seats[0]?.leave();
    assert.deepEqual(admission.state(), { receiving: 2, waiting: 0, running: 0 });
    admission.enter();
    assert.throws(() => admission.enter(), hasKey('server_busy'));
  });

  it('has room in the queue for whoever has a seat, whoever came in between', async () => {
    const { admission, order, start } = admissionOf({ maxWaiting: 1 });
    const early = admission.enter();
    const late = start('late');
    assert.throws(() => start('later'), hasKey('server_busy'));
    const result = early.run({ signal: never() }, async () => order.push('early'));
    assert.deepEqual(admission.state(), { receiving: 0, waiting: 1, running: 1 });
    late.end();
    await result;
    assert.deepEqual(order, ['late', 'early']);
  });

  it('lets a seat be used once', async () => {
    const { admission } = admissionOf();
    const seat = admission.enter();
    const run = () => seat.run({ signal: never() }, async () => 'done');
    assert.equal(await run(), 'done');
    await assert.rejects(run(), TypeError);
    seat.leave();
    assert.deepEqual(admission.state(), { receiving: 0, waiting: 0, running: 0 });
  });

  it('turns away whoever waited too long, and lets the next one in', async () => {
    const { admission, order, start } = admissionOf({ maxWaitSeconds: 0.05 });
    const first = start('a');
    await assert.rejects(start('b').result, hasKey('queue_timeout'));
    const third = start('c');
    first.end();
    third.end();
    assert.equal(await third.result, 'c');
    assert.deepEqual(order, ['a', 'c']);
    assert.deepEqual(admission.state(), { receiving: 0, waiting: 0, running: 0 });
  });

  it('forgets at once whoever leaves while waiting', async () => {
    const { admission, start } = admissionOf();
    const first = start('a');
    const leaving = new AbortController();
    const second = start('b', leaving.signal);
    const third = start('c');
    leaving.abort(new Error('gone'));
    assert.deepEqual(admission.state(), { receiving: 0, waiting: 1, running: 1 });
    await assert.rejects(second.result, /gone/);
    first.end();
    third.end();
    await third.result;
  });

  it('does not begin what was given up before it came', async () => {
    const { order, start } = admissionOf();
    await assert.rejects(start('a', AbortSignal.abort(new Error('gone'))).result, /gone/);
    assert.deepEqual(order, []);
  });

  it('frees the place of work that fails', async () => {
    const { admission } = admissionOf();
    const fails = () => Promise.reject(new Error('broken'));
    await assert.rejects(admission.enter().run({ signal: never() }, fails), /broken/);
    assert.deepEqual(admission.state(), { receiving: 0, waiting: 0, running: 0 });
  });

  const secondsAt = (maxWaiting: number): number => {
    const { admission, start } = admissionOf({ maxWaiting });
    for (let count = 0; count <= maxWaiting; count++) start('x');
    try {
      admission.enter();
    } catch (error) {
      return Number((error as WhosaidError).params.seconds);
    }
    return Number.NaN;
  };

  it('says to come back later the more are waiting', () => {
    assert.ok(secondsAt(5) > secondsAt(1));
  });

  it("never tells anybody to come back later than OpenAI's SDKs would", () => {
    assert.equal(secondsAt(1000), 59);
  });
});

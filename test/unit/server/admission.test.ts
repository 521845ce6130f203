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
  const start = (name: string, signal = never(), onPosition?: (position: number) => void) => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const result = admission.run({ signal, ...(onPosition && { onPosition }) }, async () => {
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
    assert.deepEqual(admission.state(), { running: 2, waiting: 2 });
    b.end();
    assert.equal(await b.result, 'b');
    await pause(5);
    assert.deepEqual(order, ['a', 'b', 'c']);
    for (const work of [a, c, d]) work.end();
    await Promise.all([a.result, c.result, d.result]);
    assert.deepEqual(order, ['a', 'b', 'c', 'd']);
    assert.deepEqual(admission.state(), { running: 0, waiting: 0 });
  });

  it('turns away whoever finds the queue full, at once and before an upload', async () => {
    const { admission, start } = admissionOf({ maxWaiting: 1 });
    const running = [start('a'), start('b')];
    assert.throws(() => admission.checkRoom(), hasKey('server_busy'));
    await assert.rejects(start('c').result, hasKey('server_busy'));
    for (const { end } of running) end();
    await Promise.all(running.map(({ result }) => result));
    admission.checkRoom();
  });

  it('turns away whoever would have to wait when nobody may', async () => {
    const { start } = admissionOf({ maxWaiting: 0 });
    start('a');
    await assert.rejects(start('b').result, hasKey('server_busy'));
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
    assert.deepEqual(admission.state(), { running: 0, waiting: 0 });
  });

  it('forgets at once whoever leaves while waiting, and tells the others their new places', async () => {
    const { admission, start } = admissionOf({ maxWaiting: 3 });
    const first = start('a');
    const leaving = new AbortController();
    const positions: number[] = [];
    const second = start('b', leaving.signal);
    const third = start('c', never(), (position) => positions.push(position));
    leaving.abort(new Error('gone'));
    assert.deepEqual(admission.state(), { running: 1, waiting: 1 });
    await assert.rejects(second.result, /gone/);
    first.end();
    third.end();
    await third.result;
    assert.deepEqual(positions, [2, 1]);
  });

  it('does not begin what was given up before it came', async () => {
    const { order, start } = admissionOf();
    await assert.rejects(start('a', AbortSignal.abort(new Error('gone'))).result, /gone/);
    assert.deepEqual(order, []);
  });

  it('frees the place of work that fails', async () => {
    const { admission } = admissionOf();
    const fails = () => Promise.reject(new Error('broken'));
    await assert.rejects(admission.run({ signal: never() }, fails), /broken/);
    assert.deepEqual(admission.state(), { running: 0, waiting: 0 });
  });

  it('says to come back later the more are waiting', async () => {
    const seconds = async (maxWaiting: number): Promise<number> => {
      const { start } = admissionOf({ maxWaiting });
      for (let count = 0; count <= maxWaiting; count++) start('x');
      const refusal = await start('y').result.catch((error: WhosaidError) => error);
      return Number((refusal as WhosaidError).params.seconds);
    };
    assert.ok((await seconds(10)) > (await seconds(1)));
  });
});

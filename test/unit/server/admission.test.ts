import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { AdmissionOptions, Place, SeatCall, Visitor } from '#src/admission/types.js';
import { createAdmission } from '#src/admission.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const never = () => new AbortController().signal;

const IDLE = { receiving: 0, waiting: 0, running: 0, long: { waiting: 0, running: 0 } };
/** Too large to be taken for a short recording. */
const LARGE_BYTES = 10_000_001;
const reached = (audioSeconds: number) => ({ audioSeconds, totalSeconds: undefined });

/** An admission, and work that ends when it is told to. */
function admissionOf(options: Partial<AdmissionOptions> = {}) {
  const admission = createAdmission({
    maxRunning: 1,
    maxWaiting: 2,
    maxWaitSeconds: 1,
    ...options,
  });
  const order: string[] = [];
  const start = (
    name: string,
    { signal = never(), client, ...call }: Partial<SeatCall> & Pick<Visitor, 'client'> = {},
  ) => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    let place: Place | undefined;
    const seat = admission.enter({ client, bytes: call.bytes });
    const result = seat.run({ signal, ...call }, async (given) => {
      place = given;
      order.push(name);
      await ended;
      return name;
    });
    result.catch(() => {});
    return { result, end, worked: (seconds: number) => place?.worked(reached(seconds)) };
  };
  const startMany = (count: number, name: string, bytes?: number) =>
    Array.from({ length: count }, (_, index) => start(`${name}${index + 1}`, { bytes }));
  return { admission, order, start, startMany };
}

async function endAll(works: readonly { end: () => void; result: Promise<string> }[]) {
  for (const { end, result } of works) {
    end();
    await result;
  }
}

const hasKey = (key: string) => (error: unknown) =>
  error instanceof WhosaidError && error.key === key && Number(error.params.seconds) >= 1;

describe('admission', () => {
  it('lets in as many as there are places, and the others in the order they came', async () => {
    const { admission, order, start } = admissionOf({ maxRunning: 2 });
    const [a, b, c, d] = [start('a'), start('b'), start('c'), start('d')];
    await pause(5);
    assert.deepEqual(order, ['a', 'b']);
    assert.deepEqual(admission.state(), { ...IDLE, waiting: 2, running: 2 });
    b.end();
    assert.equal(await b.result, 'b');
    await pause(5);
    assert.deepEqual(order, ['a', 'b', 'c']);
    for (const work of [a, c, d]) work.end();
    await Promise.all([a.result, c.result, d.result]);
    assert.deepEqual(order, ['a', 'b', 'c', 'd']);
    assert.deepEqual(admission.state(), IDLE);
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
    assert.deepEqual(admission.state(), { ...IDLE, receiving: 3 });
    assert.throws(() => admission.enter(), /being received: 3/);
    seats[0]?.leave();
    seats[0]?.leave();
    assert.deepEqual(admission.state(), { ...IDLE, receiving: 2 });
    admission.enter();
    assert.throws(() => admission.enter(), hasKey('server_busy'));
  });

  it('has room in the queue for whoever has a seat, whoever came in between', async () => {
    const { admission, order, start } = admissionOf({ maxWaiting: 1 });
    const early = admission.enter();
    const late = start('late');
    assert.throws(() => start('later'), hasKey('server_busy'));
    const result = early.run({ signal: never() }, async () => order.push('early'));
    assert.deepEqual(admission.state(), { ...IDLE, waiting: 1, running: 1 });
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
    assert.deepEqual(admission.state(), IDLE);
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
    assert.deepEqual(admission.state(), IDLE);
  });

  it('forgets at once whoever leaves while waiting', async () => {
    const { admission, start } = admissionOf();
    const first = start('a');
    const leaving = new AbortController();
    const second = start('b', { signal: leaving.signal });
    const third = start('c');
    leaving.abort(new Error('gone'));
    assert.deepEqual(admission.state(), { ...IDLE, waiting: 1, running: 1 });
    await assert.rejects(second.result, /gone/);
    first.end();
    third.end();
    await third.result;
  });

  it('does not begin what was given up before it came', async () => {
    const { order, start } = admissionOf();
    await assert.rejects(
      start('a', { signal: AbortSignal.abort(new Error('gone')) }).result,
      /gone/,
    );
    assert.deepEqual(order, []);
  });

  it('frees the place of work that fails', async () => {
    const { admission } = admissionOf();
    const fails = () => Promise.reject(new Error('broken'));
    await assert.rejects(admission.enter().run({ signal: never() }, fails), /broken/);
    assert.deepEqual(admission.state(), IDLE);
  });

  it('tells who waits its position, and each time that it changes', async () => {
    const { start } = admissionOf({ maxWaiting: 3 });
    const told: string[] = [];
    const positions = (name: string) => ({ onQueued: (at: number) => told.push(`${name}${at}`) });
    const first = start('a', positions('a'));
    const leaving = new AbortController();
    const b = start('b', { ...positions('b'), signal: leaving.signal });
    const c = start('c', positions('c'));
    const d = start('d', positions('d'));
    assert.deepEqual(told, ['b1', 'c2', 'd3']);
    leaving.abort(new Error('gone'));
    assert.deepEqual(told.splice(0), ['b1', 'c2', 'd3', 'c1', 'd2']);
    first.end();
    await first.result;
    assert.deepEqual(told, ['d1']);
    await endAll([c, d]);
    await assert.rejects(b.result);
  });

  const refusalOf = (enter: () => unknown): WhosaidError => {
    try {
      enter();
    } catch (error) {
      if (error instanceof WhosaidError) return error;
    }
    throw new Error('Nobody was refused.');
  };
  const secondsOf = (enter: () => unknown) => Number(refusalOf(enter).params.seconds);
  const secondsAt = (maxWaiting: number): number => {
    const { admission, startMany } = admissionOf({ maxWaiting });
    startMany(maxWaiting + 1, 'x');
    return secondsOf(() => admission.enter());
  };

  it('says to come back later the more are waiting', () => {
    assert.ok(secondsAt(5) > secondsAt(1));
  });

  it("never tells anybody to come back later than OpenAI's SDKs would", () => {
    assert.equal(secondsAt(1000), 59);
  });

  describe('with long recordings', () => {
    const eight = { maxRunning: 8, maxWaiting: 100 };

    it('keeps a quarter of the places for short ones', async () => {
      const { admission, order, start, startMany } = admissionOf(eight);
      const long = startMany(8, 'long', LARGE_BYTES);
      assert.deepEqual(admission.state(), {
        ...IDLE,
        waiting: 2,
        running: 6,
        long: { waiting: 2, running: 6 },
      });
      const short = start('short');
      await pause(5);
      assert.ok(order.includes('short'));
      await endAll([short, ...long]);
      assert.deepEqual(order.slice(-2), ['long7', 'long8']);
      assert.deepEqual(admission.state(), IDLE);
    });

    it('gives all places to short ones where there are no long ones', () => {
      const { admission, startMany } = admissionOf(eight);
      startMany(9, 'short');
      assert.deepEqual(admission.state(), { ...IDLE, waiting: 1, running: 8 });
    });

    it('lets the one in that came first, of those that have a place', async () => {
      const { order, start, startMany } = admissionOf({ ...eight, maxRunning: 2 });
      const [a, b] = startMany(2, 'short');
      const waiting = [
        start('long1', { bytes: LARGE_BYTES }),
        start('long2', { bytes: LARGE_BYTES }),
        start('late'),
      ];
      a?.end();
      await a?.result;
      b?.end();
      await b?.result;
      await pause(5);
      // The second long one has no place while the first is worked on.
      assert.deepEqual(order, ['short1', 'short2', 'long1', 'late']);
      await endAll(waiting);
      assert.deepEqual(order.at(-1), 'long2');
    });

    it('frees the short places of those that turn out to be long, which go on', async () => {
      const { admission, order, start, startMany } = admissionOf(eight);
      const works = startMany(8, 'short');
      await pause(5);
      const waiting = [start('next1'), start('next2'), start('next3')];
      for (const work of works) work.worked(600);
      assert.equal(admission.state().long.running, 0);
      for (const work of works) work.worked(601);
      await pause(5);
      assert.deepEqual(order.slice(8), ['next1', 'next2']);
      assert.deepEqual(admission.state(), {
        ...IDLE,
        waiting: 1,
        running: 10,
        long: { waiting: 0, running: 8 },
      });
      await endAll([...works, ...waiting]);
      assert.deepEqual(admission.state(), IDLE);
    });

    it('never runs more than a quarter above the number of places', async () => {
      const { admission, startMany } = admissionOf(eight);
      const works = startMany(40, 'x');
      for (let round = 0; round < 5; round++) {
        await pause(2);
        for (const work of works) work.worked(1000);
      }
      assert.deepEqual(admission.state(), {
        ...IDLE,
        waiting: 30,
        running: 10,
        long: { waiting: 0, running: 10 },
      });
      await endAll(works);
    });

    it('has one place for all where there is but one', async () => {
      const { admission, order, start } = admissionOf({ maxRunning: 1, maxWaiting: 2 });
      const long = start('long', { bytes: LARGE_BYTES });
      await pause(2);
      long.worked(5000);
      const short = start('short');
      assert.deepEqual(admission.state(), { ...IDLE, waiting: 1, running: 1 });
      await endAll([long, short]);
      assert.deepEqual(order, ['long', 'short']);
    });

    it('takes a recording of which only the beginning is worked on for short', () => {
      const { admission } = admissionOf(eight);
      const seat = admission.enter({ bytes: LARGE_BYTES });
      void seat.run({ signal: never() }, async () => {});
      assert.equal(admission.state().long.running, 0);
    });

    it('keeps a quarter of the queue for short ones', () => {
      const { admission, startMany, start } = admissionOf({ ...eight, maxWaiting: 8 });
      startMany(12, 'long', LARGE_BYTES);
      const large = { bytes: LARGE_BYTES };
      assert.match(refusalOf(() => admission.enter(large)).message, /worked on: 6, waiting: 6,/);
      start('short');
    });

    it('tells short ones to come back sooner than long ones', () => {
      const { admission, startMany } = admissionOf({ ...eight, maxWaiting: 4 });
      startMany(9, 'long', LARGE_BYTES);
      startMany(3, 'short');
      const short = secondsOf(() => admission.enter());
      const long = secondsOf(() => admission.enter({ bytes: LARGE_BYTES }));
      assert.ok(short < 10 && long > 20, `short: ${short} s, long: ${long} s`);
    });

    it('tells everybody to come back late when all that work turned out to be long', async () => {
      const { admission, startMany } = admissionOf({ ...eight, maxWaiting: 2 });
      const works = startMany(10, 'x');
      await pause(2);
      for (const work of works) work.worked(1000);
      await pause(2);
      for (const work of works) work.worked(1000);
      assert.equal(
        secondsOf(() => admission.enter()),
        59,
      );
    });
  });

  describe('with a limit for each client', () => {
    it('turns away whoever has as many requests here as one may have, and nobody else', async () => {
      const { admission, start } = admissionOf({ maxPerClient: 2, maxWaiting: 9 });
      const uploading = admission.enter({ client: 'a' });
      const running = start('a', { client: 'a' });
      const enter = () => admission.enter({ client: 'a' });
      const { key, params } = refusalOf(enter);
      assert.deepEqual([key, params.limit], ['client_busy', 2]);
      assert.ok(Number(params.seconds) >= 1);
      admission.enter({ client: 'b' }).leave();
      admission.enter().leave();

      uploading.leave();
      uploading.leave();
      const waiting = start('a', { client: 'a' });
      assert.equal(refusalOf(enter).key, 'client_busy');
      await endAll([running, waiting]);
      enter();
      enter();
      assert.equal(refusalOf(enter).key, 'client_busy');
    });

    it('counts no request that failed, was given up or never began', async () => {
      const { admission, start } = admissionOf({ maxPerClient: 1, maxWaitSeconds: 0.02 });
      const client = 'a';
      const fails = () => Promise.reject(new Error('broken'));
      await assert.rejects(admission.enter({ client }).run({ signal: never() }, fails), /broken/);
      const gone = AbortSignal.abort(new Error('gone'));
      await assert.rejects(admission.enter({ client }).run({ signal: gone }, fails), /gone/);
      const other = start('other');
      await assert.rejects(start('late', { client }).result, hasKey('queue_timeout'));
      await endAll([other]);
      admission.enter({ client });
    });
  });
});

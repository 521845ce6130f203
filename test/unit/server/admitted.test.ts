import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import type { PipelineEvent } from '#services/transcription/types.js';
import { createAdmission } from '#src/admission.js';
import { admitted, type QueuedEvent } from '#src/admitted.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const admissionFor = (maxWaiting: number, maxRunning = 1) =>
  createAdmission({ maxRunning, maxWaiting, maxWaitSeconds: 60 });
const { signal } = new AbortController();
const IDLE = { receiving: 0, waiting: 0, running: 0, long: { waiting: 0, running: 0 } };

const reached = (audioSeconds: number, totalSeconds?: number) =>
  ({ type: 'progress', audioSeconds, totalSeconds }) as const;

async function* twoEvents(ended: string[] = []): AsyncGenerator<PipelineEvent, void, void> {
  try {
    yield reached(1);
    yield reached(2);
  } finally {
    ended.push('work');
  }
}

/** What was told: seconds that were reached, and positions in the queue. */
async function all(events: AsyncIterable<PipelineEvent | QueuedEvent>): Promise<unknown[]> {
  const read: unknown[] = [];
  for await (const event of events) {
    if (event.type === 'progress') read.push(event.audioSeconds);
    if (event.type === 'queued') read.push(`queued ${event.position}`);
  }
  return read;
}

describe('work that tells events', () => {
  it('has its place until it has ended', async () => {
    const admission = admissionFor(0);
    const events = admitted({ seat: admission.enter(), signal, events: () => twoEvents() });
    assert.equal(admission.state().running, 0);
    assert.deepEqual((await events.next()).value, reached(1));
    assert.equal(admission.state().running, 1);
    assert.deepEqual(await all(events), [2]);
    assert.equal(admission.state().running, 0);
  });

  it('ends and gives its place back when its reader leaves', async () => {
    const admission = admissionFor(0);
    const ended: string[] = [];
    for await (const _ of admitted({
      seat: admission.enter(),
      signal,
      events: () => twoEvents(ended),
    }))
      break;
    assert.deepEqual(ended, ['work']);
    assert.equal(admission.state().running, 0);
  });

  it('gives its place back when it fails', async () => {
    const admission = admissionFor(0);
    const failing = admitted({
      seat: admission.enter(),
      signal,
      events: async function* () {
        yield* twoEvents();
        throw new WhosaidError('audio_empty');
      },
    });
    await assert.rejects(all(failing), { key: 'audio_empty' });
    assert.equal(admission.state().running, 0);
  });

  it('does not begin when it waited too long', async () => {
    const admission = createAdmission({ maxRunning: 1, maxWaiting: 1, maxWaitSeconds: 0.02 });
    const first = admitted({ seat: admission.enter(), signal, events: () => twoEvents() });
    await first.next();
    const begun: string[] = [];
    const refused = admitted({
      seat: admission.enter(),
      signal,
      onTurn: () => begun.push('turn'),
      events: () => {
        begun.push('work');
        return twoEvents();
      },
    });
    await assert.rejects(all(refused), { key: 'queue_timeout' });
    assert.deepEqual(begun, []);
    await first.return();
  });

  it('tells that it has its turn before it has an event', async () => {
    const order: string[] = [];
    const events = admitted({
      seat: admissionFor(0).enter(),
      signal,
      onTurn: () => order.push('turn'),
      events: async function* () {
        order.push('work');
        yield reached(1);
      },
    });
    assert.deepEqual(await all(events), [1]);
    assert.deepEqual(order, ['turn', 'work']);
  });

  it('begins when it is its turn, unless it is given up before', async () => {
    const admission = admissionFor(2);
    const first = admitted({ seat: admission.enter(), signal, events: () => twoEvents() });
    await first.next();
    const controller = new AbortController();
    const given = admitted({
      seat: admission.enter(),
      signal: controller.signal,
      events: () => twoEvents(),
    });
    const giving = assert.rejects(all(given), /left/);
    const waiting = all(admitted({ seat: admission.enter(), signal, events: () => twoEvents() }));
    await turn();
    assert.deepEqual(admission.state(), { ...IDLE, waiting: 2, running: 1 });
    controller.abort(new Error('left'));
    await giving;
    await first.return();
    assert.deepEqual(await waiting, ['queued 2', 'queued 1', 1, 2]);
    assert.deepEqual(admission.state(), IDLE);
  });

  it('tells its newest position to a reader who was slow', async () => {
    const admission = admissionFor(3);
    const others = [1, 2, 3].map(() =>
      admitted({ seat: admission.enter(), signal, events: () => twoEvents() }),
    );
    const [first, ...before] = others;
    await first?.next();
    for (const other of before) assert.equal((await other.next()).value?.type, 'queued');
    const slow = admitted({ seat: admission.enter(), signal, events: () => twoEvents() });
    assert.deepEqual((await slow.next()).value, { type: 'queued', position: 3 });
    for (const other of before) await other.return();
    assert.deepEqual((await slow.next()).value, { type: 'queued', position: 1 });
    await first?.return();
    assert.deepEqual(await all(slow), [1, 2]);
  });

  it('tells a reader who was slow that it waited too long, and nobody else', async () => {
    const admission = createAdmission({ maxRunning: 1, maxWaiting: 1, maxWaitSeconds: 0.02 });
    const first = admitted({ seat: admission.enter(), signal, events: () => twoEvents() });
    await first.next();
    const slow = admitted({ seat: admission.enter(), signal, events: () => twoEvents() });
    assert.equal((await slow.next()).value?.type, 'queued');
    // A rejection that nobody handles meanwhile fails this test.
    await pause(60);
    await assert.rejects(slow.next(), { key: 'queue_timeout' });
    await first.return();
    assert.deepEqual(admission.state(), IDLE);
  });

  it('gives its position up when its reader leaves while it waits', async () => {
    const admission = admissionFor(1);
    const first = admitted({ seat: admission.enter(), signal, events: () => twoEvents() });
    await first.next();
    const waiting = admitted({ seat: admission.enter(), signal, events: () => twoEvents() });
    await waiting.next();
    assert.equal(admission.state().waiting, 1);
    await waiting.return();
    assert.equal(admission.state().waiting, 0);
    await first.return();
  });

  for (const [what, event] of [
    ['has worked through more than ten minutes', reached(601)],
    ['says that it is longer than ten minutes', reached(10, 700)],
  ] as const) {
    it(`counts among the long ones from when it ${what}`, async () => {
      const admission = admissionFor(0, 2);
      const events = admitted({
        seat: admission.enter(),
        signal,
        bytes: 5000,
        events: async function* () {
          yield reached(10, 600);
          yield event;
        },
      });
      await events.next();
      assert.equal(admission.state().long.running, 0);
      await events.next();
      assert.equal(admission.state().long.running, 1);
      await events.return();
      assert.deepEqual(admission.state(), IDLE);
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { createAdmission } from '#src/admission.js';
import { admitted } from '#src/admitted.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

const admissionFor = (maxWaiting: number) =>
  createAdmission({ maxRunning: 1, maxWaiting, maxWaitSeconds: 60 });
const { signal } = new AbortController();

async function* twoEvents(ended: string[] = []) {
  try {
    yield 'first';
    yield 'second';
  } finally {
    ended.push('work');
  }
}

async function all(events: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const event of events) read.push(event);
  return read;
}

describe('work that tells events', () => {
  it('has its place until it has ended', async () => {
    const admission = admissionFor(0);
    const events = admitted({ seat: admission.enter(), signal, events: () => twoEvents() });
    assert.equal(admission.state().running, 0);
    assert.equal((await events.next()).value, 'first');
    assert.equal(admission.state().running, 1);
    assert.deepEqual(await all(events), ['second']);
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
    await assert.rejects(refused.next(), { key: 'queue_timeout' });
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
        yield 'event';
      },
    });
    assert.deepEqual(await all(events), ['event']);
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
    const giving = assert.rejects(given.next(), /left/);
    const waiting = all(admitted({ seat: admission.enter(), signal, events: () => twoEvents() }));
    await turn();
    assert.deepEqual(admission.state(), { receiving: 0, waiting: 2, running: 1 });
    controller.abort(new Error('left'));
    await giving;
    await first.return();
    assert.deepEqual(await waiting, ['first', 'second']);
    assert.deepEqual(admission.state(), { receiving: 0, waiting: 0, running: 0 });
  });
});

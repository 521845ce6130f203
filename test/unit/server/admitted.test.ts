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
    const events = admitted({ admission, signal, events: () => twoEvents() });
    assert.equal(admission.state().running, 0);
    assert.equal((await events.next()).value, 'first');
    assert.equal(admission.state().running, 1);
    assert.deepEqual(await all(events), ['second']);
    assert.equal(admission.state().running, 0);
  });

  it('ends and gives its place back when its reader leaves', async () => {
    const admission = admissionFor(0);
    const ended: string[] = [];
    for await (const _ of admitted({ admission, signal, events: () => twoEvents(ended) })) break;
    assert.deepEqual(ended, ['work']);
    assert.equal(admission.state().running, 0);
  });

  it('gives its place back when it fails', async () => {
    const admission = admissionFor(0);
    const failing = admitted({
      admission,
      signal,
      events: async function* () {
        yield* twoEvents();
        throw new WhosaidError('audio_empty');
      },
    });
    await assert.rejects(all(failing), { key: 'audio_empty' });
    assert.equal(admission.state().running, 0);
  });

  it('does not begin where there is no room', async () => {
    const admission = admissionFor(0);
    const first = admitted({ admission, signal, events: () => twoEvents() });
    await first.next();
    let hasBegun = false;
    const refused = admitted({
      admission,
      signal,
      events: () => {
        hasBegun = true;
        return twoEvents();
      },
    });
    await assert.rejects(refused.next(), { key: 'server_busy' });
    assert.equal(hasBegun, false);
    await first.return();
  });

  it('begins when it is its turn, unless it is given up before', async () => {
    const admission = admissionFor(2);
    const first = admitted({ admission, signal, events: () => twoEvents() });
    await first.next();
    const controller = new AbortController();
    const given = admitted({ admission, signal: controller.signal, events: () => twoEvents() });
    const giving = assert.rejects(given.next(), /left/);
    const waiting = all(admitted({ admission, signal, events: () => twoEvents() }));
    await turn();
    assert.deepEqual(admission.state(), { running: 1, waiting: 2 });
    controller.abort(new Error('left'));
    await giving;
    await first.return();
    assert.deepEqual(await waiting, ['first', 'second']);
    assert.deepEqual(admission.state(), { running: 0, waiting: 0 });
  });
});

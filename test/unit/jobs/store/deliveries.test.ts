import assert from 'node:assert/strict';
import { it } from 'node:test';
import { insert, withDatabase } from './support.js';

const webhookUrl = 'https://example.org/hook';

it('the webhook of a job that has ended is to be told at once', () =>
  withDatabase((jobs) => {
    const { id } = insert(jobs, { webhookUrl });
    const silent = insert(jobs);
    assert.equal(jobs.nextDeliveryAt(), undefined);
    for (const each of [id, silent.id])
      jobs.settle(each, { from: ['pending'], to: 'cancelled', at: 100 });
    assert.equal(jobs.nextDeliveryAt(), 100);
    assert.deepEqual(jobs.dueDeliveries(99, 10), []);
    assert.deepEqual(jobs.dueDeliveries(100, 10), [{ id, url: webhookUrl, attempt: 1 }]);
  }));

it('an attempt that failed is followed by another one at its time, and both are in the job', () =>
  withDatabase((jobs) => {
    const { id } = insert(jobs, { webhookUrl });
    jobs.settle(id, { from: ['pending'], to: 'cancelled', at: 100 });
    jobs.recordDelivery(id, { at: 101, attempt: 1, failure: 'no answer' }, 200);
    assert.deepEqual(jobs.dueDeliveries(199, 10), []);
    assert.deepEqual(jobs.dueDeliveries(200, 10), [{ id, url: webhookUrl, attempt: 2 }]);
    jobs.recordDelivery(id, { at: 201, attempt: 2, status: 204 }, undefined);
    assert.equal(jobs.nextDeliveryAt(), undefined);
    assert.deepEqual(jobs.find(id)?.deliveries, [
      { at: 101, attempt: 1, failure: 'no answer' },
      { at: 201, attempt: 2, status: 204 },
    ]);
    assert.deepEqual(
      jobs.list({ owner: 'anyone', limit: 1, order: 'asc' }).jobs[0],
      jobs.get({ id, owner: 'anyone' }),
    );
  }));

it('what is due longest comes first, as many as are asked for', () =>
  withDatabase((jobs) => {
    const ids = [300, 100, 200].map((at) => {
      const { id } = insert(jobs, { webhookUrl });
      jobs.settle(id, { from: ['pending'], to: 'cancelled', at });
      return id;
    });
    const due = jobs.dueDeliveries(1000, 2).map(({ id }) => id);
    assert.deepEqual(due, [ids[1], ids[2]]);
  }));

it('nothing is to be told of a removed job', () =>
  withDatabase((jobs) => {
    const { id } = insert(jobs, { webhookUrl });
    jobs.settle(id, { from: ['pending'], to: 'cancelled', at: 100 });
    jobs.remove(id);
    assert.deepEqual(jobs.dueDeliveries(1000, 10), []);
    assert.equal(jobs.nextDeliveryAt(), undefined);
  }));

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { JobLanes } from '#services/jobs/embedded/job-lanes.js';

const SMALL = 1e6;
const LONG = 50e6;

/** Takes jobs as long as there are any, each to its end before the next. */
function order(lanes: JobLanes): string[] {
  const taken: string[] = [];
  for (let id = lanes.take(); id !== undefined; id = lanes.take()) {
    taken.push(id);
    lanes.done(id);
  }
  return taken;
}

describe('the order of jobs', () => {
  it('is that in which they came, for one owner', () => {
    const lanes = new JobLanes({ concurrency: 1 });
    for (const id of ['a', 'b', 'c']) lanes.add({ id, owner: 'ann', bytes: SMALL });
    assert.deepEqual(order(lanes), ['a', 'b', 'c']);
  });

  it('lets owners take turns, whoever came first and with however many', () => {
    const lanes = new JobLanes({ concurrency: 1 });
    for (const id of ['a1', 'a2', 'a3', 'a4']) lanes.add({ id, owner: 'ann', bytes: SMALL });
    for (const id of ['b1', 'b2']) lanes.add({ id, owner: 'ben', bytes: SMALL });
    assert.deepEqual(order(lanes), ['a1', 'b1', 'a2', 'b2', 'a3', 'a4']);
  });

  it('gives no more places than there are', () => {
    const lanes = new JobLanes({ concurrency: 2 });
    for (const id of ['a', 'b', 'c']) lanes.add({ id, owner: 'ann', bytes: SMALL });
    assert.deepEqual([lanes.take(), lanes.take(), lanes.take()], ['a', 'b', undefined]);
    lanes.done('a');
    assert.equal(lanes.take(), 'c');
  });

  it('keeps a place from long recordings', () => {
    const lanes = new JobLanes({ concurrency: 2 });
    for (const id of ['l1', 'l2']) lanes.add({ id, owner: 'ann', bytes: LONG });
    assert.deepEqual([lanes.take(), lanes.take()], ['l1', undefined]);
    lanes.add({ id: 's1', owner: 'ann', bytes: SMALL });
    lanes.add({ id: 's2', owner: 'ann', bytes: SMALL });
    assert.equal(lanes.take(), 's1');
    lanes.done('s1');
    // The long one has waited longer, but its kind has its places.
    assert.equal(lanes.take(), 's2');
    lanes.done('l1');
    assert.equal(lanes.take(), 'l2');
  });

  it('takes the one that came first where a long and a short one may begin', () => {
    const lanes = new JobLanes({ concurrency: 2 });
    lanes.add({ id: 'l', owner: 'ann', bytes: LONG });
    lanes.add({ id: 's', owner: 'ann', bytes: SMALL });
    assert.deepEqual([lanes.take(), lanes.take()], ['l', 's']);
  });

  it('has long recordings even where there is one place only', () => {
    const lanes = new JobLanes({ concurrency: 1 });
    lanes.add({ id: 'l', owner: 'ann', bytes: LONG });
    assert.equal(lanes.take(), 'l');
  });

  it('forgets who waits no more', () => {
    const lanes = new JobLanes({ concurrency: 1 });
    for (const id of ['a', 'b']) lanes.add({ id, owner: 'ann', bytes: SMALL });
    lanes.remove('a');
    lanes.remove('never there');
    assert.deepEqual(order(lanes), ['b']);
  });
});

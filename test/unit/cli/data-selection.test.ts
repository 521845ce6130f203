import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hashKey, keyId } from '#src/access/key-ring.js';
import { jobSelection } from '#src/cli/data-selection.js';

it('a key is taken as itself, as its hash and as its short id', () => {
  const hash = hashKey('sk-mine');
  const owner = `key:${keyId(hash)}`;
  for (const key of ['sk-mine', hash.toString('hex'), keyId(hash)]) {
    const selection = jobSelection({ key });
    assert.ok(selection && 'owners' in selection && selection.owners.includes(owner), key);
  }
  assert.deepEqual(jobSelection({ key: 'sk-mine' }), { owners: [owner] });
  assert.deepEqual(jobSelection({ key: 'anyone' }), { owners: ['anyone'] });
});

it('a time is a day in UTC, or a moment that says how far it is from UTC', () => {
  const time = (endedBefore: string) => jobSelection({ endedBefore });
  assert.deepEqual(time('2026-11-22'), { endedBefore: Date.UTC(2026, 10, 22) });
  assert.deepEqual(time('2026-11-22T01:00+01:00'), { endedBefore: Date.UTC(2026, 10, 22) });
  for (const wrong of ['yesterday', '2026-13-01', '2026-11-22T01:00', '', '1000'])
    assert.throws(() => time(wrong), { name: 'UsageError', message: /Expected a day/ }, wrong);
});

it('a job is named by an id that can be no other path', () => {
  const id = '0b7e6f3c-5d1e-4c59-9a55-3f2a8e5f7c10';
  assert.deepEqual(jobSelection({ job: id }), { id });
  for (const wrong of ['..', '', `${id}/..`, id.slice(1)])
    assert.throws(() => jobSelection({ job: wrong }), { message: /no id of a job/ }, wrong);
});

it('one thing is asked for at a time', () => {
  assert.equal(jobSelection({ cache: true }), undefined);
  for (const flags of [{}, { cache: true, key: 'anyone' }, { key: 'a', endedBefore: '2026-01-01' }])
    assert.throws(() => jobSelection(flags), { message: /^Expected one of --job/ });
});

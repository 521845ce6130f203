import assert from 'node:assert/strict';
import { it } from 'node:test';
import { encode } from '#services/jobs/store/codec.js';
import { sampleTranscript } from './samples.js';
import { withDatabase } from './support.js';

const one = sampleTranscript('one');
const BYTES = encode(one).length;

it('a transcript is kept under its key until the cache is purged', () =>
  withDatabase((jobs) => {
    jobs.cache('a', one, BYTES * 10);
    assert.deepEqual(jobs.cached('a'), one);
    assert.equal(jobs.cached('b'), undefined);
    jobs.purgeCache();
    assert.equal(jobs.cached('a'), undefined);
  }));

it('those that were used least recently make room', () =>
  withDatabase((jobs) => {
    const put = (key: string) => jobs.cache(key, one, BYTES * 3);
    for (const key of ['a', 'b', 'c']) put(key);
    jobs.cached('a');
    put('d');
    put('b2');
    assert.deepEqual(
      ['a', 'b', 'c', 'd', 'b2'].filter((key) => jobs.cached(key)),
      ['a', 'd', 'b2'],
    );
  }));

it('a key that is there already is replaced, and counts once', () =>
  withDatabase((jobs) => {
    const two = sampleTranscript('two');
    jobs.cache('b', one, BYTES * 3);
    for (let round = 0; round < 5; round += 1) jobs.cache('a', two, BYTES * 3);
    assert.deepEqual(jobs.cached('a'), two);
    assert.deepEqual(jobs.cached('b'), one);
  }));

it('a transcript that is larger than all the room is not kept, and pushes out nothing', () =>
  withDatabase((jobs) => {
    const { segments, ...rest } = one;
    const large = { ...rest, segments: Array.from({ length: 500 }, () => segments).flat() };
    jobs.cache('a', one, BYTES * 1.5);
    jobs.cache('b', { ...large, text: crypto.getRandomValues(new Uint8Array(9999)).join() }, BYTES);
    assert.deepEqual([jobs.cached('a'), jobs.cached('b')], [one, undefined]);
  }));

it('a smaller room is made true by the next transcript', () =>
  withDatabase((jobs) => {
    for (const key of ['a', 'b', 'c']) jobs.cache(key, one, BYTES * 3);
    jobs.cache('d', one, BYTES);
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].filter((key) => jobs.cached(key)),
      ['d'],
    );
  }));

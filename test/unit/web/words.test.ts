import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Job } from '#src/web/api/types.js';
import { statusInWords } from '#src/web/jobs/job-words.js';
import { problemOf } from '#src/web/new/check-file.js';
import { clockTime, lengthInWords, sizeInWords } from '#src/web/ui/words.js';

const job: Job = {
  id: 'x',
  status: 'processing',
  file_name: 'talk.mp3',
  bytes: 1,
  model: 'moonshine-base-en',
  vocabulary: null,
  created_at: 0,
  completed_at: null,
  progress: 0,
  audio_seconds: 0,
  duration: null,
  position: null,
  speed: null,
  eta_seconds: null,
  error: null,
  cached: false,
  expires_at: null,
};

describe('words of the page', () => {
  it('say sizes, times and lengths as people do', () => {
    const sizes = [0, 999, 1000, 9999, 866_226, 10_000_000, 20e9];
    assert.deepEqual(sizes.map(sizeInWords), [
      '0 bytes',
      '999 bytes',
      '1.0 KB',
      '10.0 KB',
      '866 KB',
      '10 MB',
      '20 GB',
    ]);
    assert.deepEqual([0, 59.9, 60, 3599, 3600, 90_061].map(clockTime), [
      '0:00',
      '0:59',
      '1:00',
      '59:59',
      '1:00:00',
      '25:01:01',
    ]);
    assert.deepEqual([0, 12.4, 59.9, 90, 3600, 7800].map(lengthInWords), [
      '1 s',
      '12 s',
      '60 s',
      '2 min',
      '1 h',
      '2 h 10 min',
    ]);
  });

  it('say where a job is, and leave out what is not known', () => {
    const said = (changes: Partial<Job>) => statusInWords({ ...job, ...changes });
    assert.equal(said({ status: 'pending' }), 'Waiting');
    assert.equal(said({ status: 'pending', position: 1 }), 'Waiting: next in line');
    assert.equal(said({ status: 'pending', position: 3 }), 'Waiting: 2 before it');
    assert.equal(said({}), 'Reading the recording');
    assert.equal(said({ audio_seconds: 65 }), 'Transcribing: 1:05 done');
    const known = { audio_seconds: 65, duration: 600, speed: 23.6, eta_seconds: 23 };
    assert.equal(said(known), 'Transcribing: 1:05 of 10:00 · 24× real time · about 23 s left');
    assert.equal(
      said({ audio_seconds: 600, duration: 600 }),
      'Finishing: putting words and speakers together',
    );
    assert.equal(said({ status: 'completed', duration: 600 }), '10 min');
  });

  it('say why a file need not be sent', () => {
    const limit = { maxBytes: 10e6 };
    assert.match(problemOf({ size: 0 }, limit) ?? '', /empty \(0 bytes\)/);
    assert.match(problemOf({ size: 11e6 }, limit) ?? '', /has 11 MB; the server takes up to 10 MB/);
    assert.equal(problemOf({ size: 10e6 }, limit), undefined);
    assert.equal(problemOf({ size: 1e12 }, { maxBytes: undefined }), undefined);
  });
});

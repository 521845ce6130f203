import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Job } from '#services/jobs/types.js';
import { batchObject } from '#src/routes/jobs/batch-object.js';
import { jobObject } from '#src/routes/jobs/job-object.js';

const CREATED = Date.UTC(2026, 1, 4, 19, 30, 0, 999);

const jobWith = (changed: Partial<Job> = {}): Job => ({
  id: 'a',
  owner: 'anyone',
  status: 'processing',
  fileName: 'talk.wav',
  bytes: 1,
  work: { model: 'm', recognition: {} },
  rendering: {
    format: 'json',
    granularities: [],
    logprobs: false,
    speakerDetail: false,
    languages: false,
  },
  createdAt: CREATED,
  audioSeconds: 0,
  fromCache: false,
  deliveries: [],
  ...changed,
});

const answered = (changed: Partial<Job>, settings: { webhookUrl?: string; hours?: number } = {}) =>
  jobObject(jobWith(changed), {
    settings: { webhookUrl: settings.webhookUrl ?? null, jobRetentionHours: settings.hours ?? 24 },
  });

describe('a job as it is answered', () => {
  it('has null for everything that is not known, and whole Unix seconds', () => {
    const job = answered({ status: 'pending', position: 3 });
    assert.equal(job.created_at, Math.floor(CREATED / 1000));
    assert.deepEqual(
      [job.started_at, job.completed_at, job.duration, job.speed, job.eta_seconds],
      [null, null, null, null, null],
    );
    assert.deepEqual(
      [job.error, job.batch_id, job.webhook, job.expires_at],
      [null, null, null, null],
    );
    assert.equal(job.position, 3);
    assert.ok(!Object.values(job).includes(undefined as never));
  });

  it('says how fast the work was and how long the rest takes', () => {
    const startedAt = Date.now() - 10_000;
    const job = answered({ startedAt, audioSeconds: 100, totalSeconds: 300 });
    assert.ok(job.speed !== null && Math.abs(job.speed - 10) < 1);
    assert.ok(job.eta_seconds !== null && Math.abs(job.eta_seconds - 20) <= 3);
    assert.equal(job.progress, 0.333);
    const done = answered({
      status: 'completed',
      startedAt: CREATED,
      endedAt: CREATED + 20_000,
      audioSeconds: 300,
      totalSeconds: 300,
    });
    assert.deepEqual([done.speed, done.eta_seconds, done.progress], [15, null, 1]);
  });

  it('says of no progress what a file claims about its length in vain', () => {
    assert.equal(answered({ audioSeconds: 50 }).progress, 0);
    assert.equal(answered({ audioSeconds: 50, totalSeconds: 40 }).progress, 1);
    assert.equal(answered({ audioSeconds: 0, totalSeconds: 0 }).progress, 0);
  });

  it('says when it is deleted, unless that is never', () => {
    const endedAt = CREATED + 1000;
    const expires = Math.floor((endedAt + 24 * 3_600_000) / 1000);
    assert.equal(answered({ status: 'failed', endedAt }).expires_at, expires);
    assert.equal(answered({ status: 'failed', endedAt }, { hours: 0 }).expires_at, null);
  });

  it("shows a webhook without what may be secret, and nothing of the operator's", () => {
    const webhookUrl = 'https://user:secret@hooks.example.org/a?token=secret#part';
    const deliveries = [
      { at: CREATED, attempt: 1, failure: 'the connection was refused' },
      { at: CREATED + 5000, attempt: 2, status: 204 },
    ];
    const at = Math.floor(CREATED / 1000);
    assert.deepEqual(answered({ webhookUrl, deliveries }).webhook, {
      url: 'https://hooks.example.org/a',
      deliveries: [
        { at, attempt: 1, status: null, failure: 'the connection was refused' },
        { at: at + 5, attempt: 2, status: 204, failure: null },
      ],
    });
    const operators = answered({ webhookUrl }, { webhookUrl }).webhook;
    assert.deepEqual(operators, { url: null, deliveries: [] });
  });

  it('shows an error as it would have been answered', () => {
    const job = answered({ status: 'failed', error: { key: 'audio_empty', params: {} } });
    assert.deepEqual(Object.keys(job.error ?? {}), ['message', 'type', 'param', 'code']);
  });
});

describe('a batch as it is answered', () => {
  it('counts its jobs, and has ended when the last of them has', () => {
    const jobs = [
      jobWith({ status: 'completed', endedAt: CREATED + 1000, audioSeconds: 10 }),
      jobWith({ status: 'failed', endedAt: CREATED + 9000 }),
      jobWith({ audioSeconds: 5, totalSeconds: 10 }),
      jobWith({ status: 'pending', createdAt: CREATED - 5000 }),
    ];
    const { counts, progress, completed_at, created_at, audio_seconds } = batchObject('b', jobs);
    assert.deepEqual(counts, {
      total: 4,
      pending: 1,
      processing: 1,
      completed: 1,
      failed: 1,
      cancelled: 0,
    });
    assert.deepEqual([progress, completed_at, audio_seconds], [0.625, null, 15]);
    assert.equal(created_at, Math.floor((CREATED - 5000) / 1000));
    const ended = batchObject('b', jobs.slice(0, 2));
    assert.equal(ended.completed_at, Math.floor((CREATED + 9000) / 1000));
  });
});

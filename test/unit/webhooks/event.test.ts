import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { webhookEvent } from '#services/webhooks/event.js';
import { endedJob } from './jobs.js';

const ID = '3f0c7a52-9a53-4c57-9d8e-7a3a3a4f5b11';

describe('what a webhook is told', () => {
  it('names the job, its status and where its result is', () => {
    const { id, body } = webhookEvent(endedJob({ batchId: 'b1' }));
    assert.equal(id, `msg_${ID}`);
    assert.deepEqual(JSON.parse(body), {
      type: 'transcription.job.completed',
      timestamp: '2026-01-02T03:05:00.500Z',
      data: {
        id: ID,
        status: 'completed',
        model: 'moonshine-base',
        batch_id: 'b1',
        duration: 61.5,
        links: { self: `/v1/audio/jobs/${ID}`, result: `/v1/audio/jobs/${ID}/result` },
      },
    });
  });

  it('tells why a job failed', () => {
    const error = { key: 'audio_too_long', params: { duration: '9', limit: '5' } } as const;
    const { type, data } = JSON.parse(webhookEvent(endedJob({ status: 'failed', error })).body);
    assert.equal(type, 'transcription.job.failed');
    assert.equal(data.links.result, undefined);
    assert.equal(typeof data.error.code, 'string');
    assert.equal(typeof data.error.message, 'string');
  });

  it('has no name of a file, and is the same each time', () => {
    const job = endedJob({ status: 'cancelled' });
    assert.doesNotMatch(webhookEvent(job).body, /secret-meeting/);
    assert.match(webhookEvent(job).body, /"transcription\.job\.cancelled"/);
    assert.deepEqual(webhookEvent(job), webhookEvent(job));
  });
});

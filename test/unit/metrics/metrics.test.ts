import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EndedJob } from '#services/jobs/work-event.js';
import type { PipelineEvent } from '#services/transcription/types.js';
import { measured } from '#src/metrics/measured.js';
import { createMetrics } from '#src/metrics/metrics.js';
import type { MetricSources } from '#src/metrics/sources.js';
import type { Transcript } from '#utils/transcript/types.js';
import { parseScrape } from '../../support/prometheus.js';

const idle: MetricSources = {
  requests: {
    admission: {
      state: () => ({ receiving: 0, waiting: 0, running: 0, long: { waiting: 0, running: 0 } }),
    },
    maxRunning: 1,
    maxWaiting: 1,
  },
  jobs: {
    backlog: async () => ({
      pending: 0,
      processing: 0,
      oldestPendingSeconds: 0,
      waitingChunks: 0,
    }),
  },
  manager: { state: () => ({ pools: [] }) },
  decoder: { state: () => ({ working: 0, pids: [] }) },
  uploads: { temp: { usedBytes: () => 7 }, maxBytes: 8 },
};

const fails = () => {
  throw new Error('it has gone');
};

async function scrapeOf(metrics: ReturnType<typeof createMetrics>) {
  return parseScrape(await metrics.render());
}

describe('metrics', () => {
  it('leave out what cannot be told, and tell the rest', async () => {
    const all = [
      'whosaid_queue_requests',
      'whosaid_jobs',
      'whosaid_decoders_working',
      'whosaid_temp_used_bytes',
    ];
    const broken: [string, Partial<MetricSources>][] = [
      [
        'whosaid_queue_requests',
        { requests: { admission: { state: fails }, maxRunning: 1, maxWaiting: 1 } },
      ],
      ['whosaid_jobs', { jobs: { backlog: async () => fails() } }],
      ['whosaid_decoders_working', { decoder: { state: fails } }],
      ['whosaid_temp_used_bytes', { uploads: { temp: { usedBytes: fails }, maxBytes: 8 } }],
    ];
    for (const [missing, source] of broken) {
      const metrics = createMetrics({ version: '1' });
      metrics.watch({ ...idle, ...source });
      const { types } = await scrapeOf(metrics);
      const told = all.filter((name) => types.has(name));
      assert.deepEqual(
        told,
        all.filter((name) => name !== missing),
      );
      assert.ok(types.has('whosaid_requests_total') && types.has('process_cpu_seconds_total'));
    }
  });

  it('are told to several who ask at once, and keep nothing of processes that have gone', async () => {
    const metrics = createMetrics({ version: '1' });
    let pids = [process.pid];
    metrics.watch({ ...idle, decoder: { state: () => ({ working: 1, pids }) } });
    const pages = await Promise.all([scrapeOf(metrics), scrapeOf(metrics), scrapeOf(metrics)]);
    const name = 'whosaid_memory_resident_bytes';
    const decoders = pages.map(({ samples }) =>
      samples.filter((sample) => sample.name === name && sample.labels.role === 'decoder'),
    );
    const expected = process.platform === 'linux' ? 1 : 0;
    assert.deepEqual(
      decoders.map(({ length }) => length),
      [expected, expected, expected],
    );
    pids = [];
    assert.equal((await scrapeOf(metrics)).sum(name, { role: 'decoder' }), 0);
  });

  it('of two servers in one process are two', async () => {
    const [one, other] = [createMetrics({ version: '1' }), createMetrics({ version: '1' })];
    one.audioWorked(3);
    assert.equal((await scrapeOf(one)).sum('whosaid_audio_seconds_total'), 3);
    assert.equal((await scrapeOf(other)).sum('whosaid_audio_seconds_total'), 0);
  });

  it('tell how jobs end, how long they waited and were worked on, and why they failed', async () => {
    const metrics = createMetrics({ version: '1' });
    const ended = (job: Partial<EndedJob>) =>
      metrics.workEvent({ type: 'ended', job: { status: 'completed', createdAt: 1000, ...job } });
    ended({ startedAt: 3000, endedAt: 13_000 });
    const error = { key: 'audio_empty', params: {} } as const;
    ended({ status: 'failed', startedAt: 1500, endedAt: 2500, error });
    // It was cancelled before it began, and a clock was set back.
    ended({ status: 'cancelled', endedAt: 5000 });
    ended({ startedAt: 500, endedAt: 400 });
    const { sum } = await scrapeOf(metrics);
    const byStatus = ['completed', 'failed', 'cancelled'].map((status) =>
      sum('whosaid_jobs_ended_total', { status }),
    );
    assert.deepEqual(byStatus, [2, 1, 1]);
    assert.equal(sum('whosaid_job_failures_total', { error: 'audio_empty', status: '400' }), 1);
    assert.equal(sum('whosaid_job_wait_seconds_count'), 3);
    assert.equal(sum('whosaid_job_wait_seconds_sum'), 2.5);
    assert.equal(sum('whosaid_job_duration_seconds_sum', { status: 'completed' }), 10);
    assert.equal(sum('whosaid_job_duration_seconds_sum', { status: 'failed' }), 1);
  });

  it('have what can happen to jobs from the beginning, so that the first one is seen as a rise', async () => {
    const { samples } = await scrapeOf(createMetrics({ version: '1' }));
    const names = [
      'whosaid_jobs_ended_total',
      'whosaid_job_retries_total',
      'whosaid_webhook_attempts_total',
    ];
    const found = samples.filter(({ name }) => names.includes(name));
    assert.equal(found.length, 3 + 3 + 4);
    assert.ok(found.every(({ value }) => value === 0));
  });

  it('of a part of a recording tell its speed, and count no recording', async () => {
    const metrics = createMetrics({ version: '1' });
    metrics.partTranscribed({ model: 'm', audioSeconds: 10, workSeconds: 5, speakers: false });
    const { sum } = await scrapeOf(metrics);
    assert.equal(sum('whosaid_real_time_factor_sum'), 0.5);
    assert.equal(sum('whosaid_recordings_total'), 0);
  });

  it('have one series for all methods that nobody uses', async () => {
    const metrics = createMetrics({ version: '1' });
    for (const method of ['GET', 'PURGE', 'MKCALENDAR']) {
      metrics.requestEnded({ method, route: '/', status: 200, seconds: 1 });
    }
    const { sum } = await scrapeOf(metrics);
    assert.equal(sum('whosaid_requests_total', { method: 'GET' }), 1);
    assert.equal(sum('whosaid_requests_total', { method: 'other' }), 2);
  });

  it('count audio while it is worked on, once, and none of it twice', async () => {
    const metrics = createMetrics({ version: '1' });
    const work = measured(events([10, 25, 25, 20, 30]), { metrics, model: 'm', speakers: false });
    const seen: number[] = [];
    for await (const { type } of work) {
      assert.ok(type === 'progress' || type === 'done');
      seen.push((await scrapeOf(metrics)).sum('whosaid_audio_seconds_total'));
    }
    assert.deepEqual(seen, [10, 25, 25, 25, 30, 42]);
    const { sum } = await scrapeOf(metrics);
    assert.equal(sum('whosaid_recordings_total', { model: 'm', speakers: 'false' }), 1);
    assert.equal(sum('whosaid_real_time_factor_count'), 1);
  });

  it('do not count a recording as transcribed that was given up', async () => {
    const metrics = createMetrics({ version: '1' });
    const options = { metrics, model: 'm', speakers: false };
    for await (const _ of measured(events([10, 20]), options)) break;
    const { sum } = await scrapeOf(metrics);
    assert.equal(sum('whosaid_audio_seconds_total'), 10);
    assert.equal(sum('whosaid_recordings_total'), 0);
  });
});

/** Events of a recording of 42 seconds that tells so much progress. */
async function* events(progress: readonly number[]): AsyncGenerator<PipelineEvent, void, void> {
  for (const audioSeconds of progress) {
    yield { type: 'progress', audioSeconds, totalSeconds: undefined };
  }
  const transcript: Transcript = {
    text: '',
    language: 'en',
    languages: [],
    duration: 42,
    segments: [],
  };
  yield { type: 'done', transcript };
}

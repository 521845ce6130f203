import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { checkExpression } from '../support/check-expression.js';
import { conversationClip, shortClip } from '../support/clips.js';
import { everyEvent } from '../support/every-event.js';
import {
  alertExpressions,
  dashboardExpressions,
  documentedMetrics,
} from '../support/monitoring-files.js';
import { fixture } from '../support/paths.js';
import { childrenOf, eventually } from '../support/processes.js';
import { parseScrape, type Scrape } from '../support/prometheus.js';
import { assertError, filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const KEY = 'sk-test-0123456789abcdefghij';
const headers = { authorization: `Bearer ${KEY}` };
const ROUTE = '/v1/audio/transcriptions';

describe('metrics', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      API_KEYS: KEY,
      SLOW_REQUEST_SECONDS: '0.05',
      ENABLE_SPEAKER_DIARIZATION: 'always',
    });
  });
  after(() => server.close());

  const scrape = async (): Promise<Scrape> => {
    const { status, body } = await rawRequest(`${server.url}/metrics`, { headers });
    assert.equal(status, 200, body);
    return parseScrape(body);
  };
  /** Scrapes until it holds: requests are counted when their connection has had its answer, a moment later. */
  const scrapeUntil = async (what: string, holds: (page: Scrape) => boolean) => {
    let page = await scrape();
    const check = async () => {
      if (!holds(page)) page = await scrape();
      return holds(page);
    };
    await eventually(what, check, 20_000);
    return page;
  };
  const post = (fields: Record<string, string>, file: Buffer, fileName?: string) => {
    const form = multipart([...textParts(fields), filePart(file, fileName)]);
    const all = { ...form.headers, ...headers };
    return rawRequest(server.url + ROUTE, { method: 'POST', headers: all, body: form.body });
  };

  it('are served with and without /v1 as text that Prometheus reads', async () => {
    for (const path of ['/metrics', '/v1/metrics']) {
      const response = await rawRequest(server.url + path, { headers });
      assert.equal(response.status, 200);
      assert.equal(response.headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
      assert.equal(response.headers['cache-control'], 'no-store');
      parseScrape(response.body);
    }
  });

  it('need a key where there are keys', async () => {
    for (const path of ['/metrics', '/v1/metrics']) {
      const response = await rawRequest(server.url + path);
      assertError(response, { status: 401, code: null, message: /API key/ });
    }
  });

  it('count a transcription, its audio and its speed, and know where everything is at', async () => {
    const before = await scrape();
    const response = await post({ model: 'whisper-1' }, conversationClip());
    assert.equal(response.status, 200, response.body);
    const labels = { method: 'POST', route: ROUTE, status: '200' };
    const page = await scrapeUntil('the request is counted', ({ sum }) => {
      return sum('whosaid_requests_total', labels) > before.sum('whosaid_requests_total', labels);
    });
    const { sum } = page;
    const grown = (name: string, only?: Record<string, string>) =>
      sum(name, only) - before.sum(name, only);
    assert.equal(grown('whosaid_request_duration_seconds_count', labels), 1);
    const of = { model: 'moonshine-base-en', speakers: 'true' };
    assert.equal(grown('whosaid_recordings_total', of), 1);
    assert.equal(grown('whosaid_real_time_factor_count', of), 1);
    const audioSeconds = grown('whosaid_audio_seconds_total');
    assert.ok(Math.abs(audioSeconds - 17.2) < 0.1, String(audioSeconds));
    const factor = grown('whosaid_real_time_factor_sum', of);
    const took = grown('whosaid_request_duration_seconds_sum', labels);
    assert.ok(factor > 0 && factor * audioSeconds < took, `${factor}, ${took}`);
    for (const stage of ['receiving', 'waiting', 'running']) {
      assert.equal(sum('whosaid_queue_requests', { stage }), 0);
    }
    assert.equal(sum('whosaid_queue_limit', { stage: 'waiting' }), 100);
    assert.equal(sum('whosaid_engine_hosts', { role: 'speech', state: 'ready' }), 1);
    assert.equal(sum('whosaid_engine_circuit_open'), 0);
    assert.equal(sum('whosaid_model_load_seconds_count', { model: 'moonshine-base-en' }), 1);
    assert.equal(sum('whosaid_temp_used_bytes'), 0);
    assert.equal(sum('whosaid_temp_limit_bytes'), 50e9);
    for (const role of ['gateway', 'speech', 'speaker']) {
      const bytes = sum('whosaid_memory_resident_bytes', { role, index: '0' });
      assert.ok(bytes > 20e6 && bytes < 4e9, `${role}: ${bytes}`);
    }
    assert.equal(sum('whosaid_build_info', { node: process.version }), 1);
    assert.ok(page.types.has('nodejs_eventloop_lag_p99_seconds'));
  });

  it('count a job with its chunk, its waiting and its work', async () => {
    const form = multipart([...textParts({ model: 'whisper-1' }), filePart(shortClip())]);
    const response = await rawRequest(`${server.url}/v1/audio/jobs`, {
      method: 'POST',
      headers: { ...form.headers, ...headers },
      body: form.body,
    });
    assert.equal(response.status, 202, response.body);
    const page = await scrapeUntil('the job has ended', ({ sum }) => {
      return sum('whosaid_jobs_ended_total', { status: 'completed' }) === 1;
    });
    assert.equal(page.types.get('whosaid_jobs'), 'gauge');
    assert.equal(page.sum('whosaid_job_chunks_total'), 1);
    assert.equal(page.sum('whosaid_job_wait_seconds_count'), 1);
    assert.equal(page.sum('whosaid_job_duration_seconds_count', { status: 'completed' }), 1);
    assert.equal(page.sum('whosaid_jobs_oldest_pending_seconds'), 0);
  });

  it('say where the time of a slow request went in a line of its own', async () => {
    const of = (message: string) =>
      server.logs.find((line) => {
        return line.message === message && line.fields.route === ROUTE;
      });
    await eventually('it is logged', () => of('Slow request') !== undefined, 20_000);
    const { level, fields } = of('Slow request') ?? assert.fail();
    assert.equal(level, 'warn');
    const { requestId, ms, receivingMs, waitingMs, workingMs, audioSeconds, ...rest } =
      fields as Record<string, number>;
    assert.match(String(requestId), /^req_/);
    assert.deepEqual(rest, {
      method: 'POST',
      route: ROUTE,
      status: 200,
      model: 'moonshine-base-en',
    });
    const parts = [receivingMs, waitingMs, workingMs].map((part) => part ?? Number.NaN);
    const [receiving = 0, waiting = 0, working = 0] = parts;
    assert.ok(
      parts.every((part) => part >= 0),
      parts.join(),
    );
    assert.ok(working > 50 && waiting < working && receiving < working, parts.join());
    assert.ok(receiving + waiting + working <= (ms ?? 0) + 3, `${parts.join()} of ${ms}`);
    assert.ok(audioSeconds !== undefined && audioSeconds > 17);
    assert.equal(of('Request')?.fields.workingMs, workingMs);
  });

  it('count errors by their keys', async () => {
    const response = await post({ model: 'whisper-1' }, Buffer.from('this is no audio at all'));
    assert.equal(response.status, 400, response.body);
    await scrapeUntil('the error is counted', ({ sum }) => {
      return sum('whosaid_errors_total', { error: 'audio_unreadable' }) === 1;
    });
  });

  it('count who left before the answer', async () => {
    const leaving = new AbortController();
    const form = new FormData();
    form.append('model', 'whisper-1');
    form.append('file', new Blob([await readFile(fixture('two-speakers-clean'))]), 'a.flac');
    const request = { method: 'POST', headers, body: form, signal: leaving.signal };
    const answer = fetch(server.url + ROUTE, request).catch(() => 'left');
    await scrapeUntil('it is worked on', ({ sum }) => {
      return sum('whosaid_queue_requests', { stage: 'running' }) === 1;
    });
    leaving.abort();
    assert.equal(await answer, 'left');
    await scrapeUntil('the leaving is counted', ({ sum }) => {
      const labels = { route: ROUTE, status: '499' };
      const error = { error: 'client_closed' };
      return (
        sum('whosaid_requests_total', labels) === 1 && sum('whosaid_errors_total', error) === 1
      );
    });
    assert.deepEqual(
      server.logs.filter(({ level }) => level === 'error'),
      [],
    );
  });

  it('have nothing in them of what is said, sent and asked for', async () => {
    const secret = 'Xylophone42';
    const audio = shortClip();
    const fields = { model: 'whisper-1', prompt: secret, 'known_speaker_names[]': secret };
    await post(fields, audio, `${secret}.flac`);
    await post({ model: secret }, audio);
    const path = `/${secret}?${secret}=${secret}`;
    for (const method of ['GET', 'PURGE']) {
      const sent = { ...headers, 'user-agent': secret, 'x-request-id': secret };
      await rawRequest(server.url + path, { method, headers: sent });
    }
    await scrapeUntil('they are counted', ({ sum }) => {
      return sum('whosaid_requests_total', { route: '(none)', method: 'other' }) === 1;
    });
    const { body } = await rawRequest(`${server.url}/metrics`, { headers });
    assert.doesNotMatch(body, new RegExp(secret, 'i'));
    assert.doesNotMatch(body, /travel/i);
    assert.ok(!body.includes(KEY));
  });

  // Processes are looked up in /proc.
  const skip = process.platform !== 'linux' && 'there is no /proc here';
  it('count an engine that was killed and the one that came in its place', { skip }, async () => {
    const [engine = 0] = childrenOf().filter((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('engine-host-main'),
    );
    process.kill(engine, 'SIGKILL');
    const labels = { role: 'speech', model: 'moonshine-base-en' };
    const page = await scrapeUntil('the engine runs again', ({ sum }) => {
      return sum('whosaid_model_load_seconds_count', labels) === 2;
    });
    assert.equal(page.sum('whosaid_engine_losses_total', { ...labels, reason: 'ended' }), 1);
    assert.equal(page.sum('whosaid_engine_restarts_total', labels), 1);
    assert.equal(page.sum('whosaid_engine_start_failures_total'), 0);
    assert.equal(page.sum('whosaid_engine_circuit_open', labels), 0);
  });

  describe('in docs/monitoring', () => {
    let page: Scrape;
    let labelsOf: (metric: string) => Set<string>;
    before(async () => {
      page = await scrape();
      const all = [...page.samples, ...parseScrape(await everyEvent()).samples];
      labelsOf = (metric) => {
        const names = [metric, `${metric}_bucket`];
        const found = all.filter(({ name }) => names.includes(name));
        return new Set(found.flatMap(({ labels }) => Object.keys(labels)));
      };
    });

    it('are all in the table, as they are', async () => {
      const documented = await documentedMetrics();
      const ours = [...page.types].filter(([name]) => name.startsWith('whosaid_'));
      const rowOf = (name: string, { type, labels, help }: Row) =>
        `| \`${name}\` | ${type} | ${labels} | ${help} |`;
      const expected = ours.map(([name, type]) => {
        const labels = [...labelsOf(name)].filter((label) => label !== 'le');
        const help = page.helps.get(name) ?? '';
        return rowOf(name, { type, labels: labels.toSorted().join(', '), help });
      });
      const found = [...documented].map(([name, row]) => rowOf(name, row));
      assert.deepEqual(found.toSorted(), expected.toSorted());
    });

    for (const [name, read] of [
      ['alerts', alertExpressions],
      ['dashboard', dashboardExpressions],
    ] as const) {
      it(`are what the ${name} ask for, with labels that there are`, async () => {
        const expressions = await read();
        assert.ok(expressions.length >= 10);
        for (const expression of expressions) checkExpression(expression, { page, labelsOf });
      });
    }
  });
});

describe('a server whose metrics are public', () => {
  it('shows them without a key, and nothing else', async () => {
    const server = await startTestServer({ API_KEYS: KEY, PUBLIC_PATHS: '/metrics' });
    try {
      for (const path of ['/metrics', '/v1/metrics']) {
        const { status, body } = await rawRequest(server.url + path);
        assert.equal(status, 200);
        parseScrape(body);
      }
      assert.equal((await rawRequest(`${server.url}/health`)).status, 401);
    } finally {
      await server.close();
    }
  });
});

type Row = { readonly type: string; readonly labels: string; readonly help: string };

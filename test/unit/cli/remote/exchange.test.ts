import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createServerClient, type ServerClient } from '#src/cli/remote/server-client.js';
import { testFolder } from '../../../support/paths.js';
import {
  type RemoteServer,
  type RemoteServerOptions,
  startRemoteServer,
} from '../../../support/remote-server.js';
import { until } from '../../../support/start-server.js';

const JOB = { id: 'a1', status: 'pending', progress: 0, position: 2, duration: null, error: null };
const content = randomBytes(3_000_000);

let folder: Awaited<ReturnType<typeof testFolder>>;
let server: RemoteServer | undefined;
let path: string;
beforeEach(async () => {
  folder = await testFolder();
  path = join(folder.path, 'a "b".wav');
  await writeFile(path, content);
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await folder.remove();
});

async function serve(
  listener: RequestListener,
  options: RemoteServerOptions & { apiKey?: string } = {},
): Promise<ServerClient> {
  server = await startRemoteServer(listener, options);
  const patience = { firstPauseMs: 1, longestPauseMs: 5, failures: 3 };
  const signal = new AbortController().signal;
  return createServerClient({ server: server.url, apiKey: options.apiKey, patience, signal });
}

const newJob = (about: object = {}) => ({
  path,
  size: content.length,
  fields: [['model', 'whisper-1']] as const,
  key: 'k1',
  ...about,
});

describe('sending a recording to a server', () => {
  it('sends fields and file as a form, with the key of the client and of the job', async () => {
    let form = new FormData();
    let headers: Record<string, unknown> = {};
    const client = await serve(
      async (request, response) => {
        headers = request.headers;
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const type = { 'content-type': String(request.headers['content-type']) };
        form = await new Response(Buffer.concat(chunks), { headers: type }).formData();
        response.writeHead(202).end(JSON.stringify(JOB));
      },
      { apiKey: 'sk-1' },
    );
    const sent: number[] = [];
    const onSent = (bytes: number, total: number) => void sent.push(bytes / total);
    assert.deepEqual(await client.create(newJob({ onSent })), { job: JOB, isNew: true });
    assert.equal(form.get('model'), 'whisper-1');
    const file = form.get('file') as File;
    assert.equal(file.name, 'a "b".wav');
    assert.deepEqual(Buffer.from(await file.arrayBuffer()), content);
    assert.equal(headers['idempotency-key'], 'k1');
    assert.equal(headers.authorization, 'Bearer sk-1');
    assert.equal(sent.at(-1), 1);
  });

  it('sends nothing of the file to a server that refuses, and comes back when it is busy', async () => {
    let refusals = 0;
    let bodies = 0;
    const accept: RequestListener = (request, response) => {
      bodies += 1;
      request.resume().once('end', () => response.writeHead(202).end(JSON.stringify(JOB)));
    };
    const client = await serve(accept, {
      onExpect(request, response) {
        refusals += 1;
        if (refusals <= 2) {
          const status = refusals === 1 ? 503 : 429;
          response.writeHead(status, { 'retry-after': '0' }).end('{}');
          return;
        }
        response.writeContinue();
        accept(request, response);
      },
    });
    let waits = 0;
    const onWait = () => {
      waits += 1;
    };
    await client.create(newJob({ onWait }));
    assert.deepEqual({ refusals, bodies, waits }, { refusals: 3, bodies: 1, waits: 2 });
  });

  it('tells what the server says, also when it says so in the middle', async () => {
    const said = { error: { message: 'It is too large.', code: 'upload_too_large' } };
    const refuse: RequestListener = (request, response) => {
      request.once('data', () => {
        response.writeHead(413, { connection: 'close' }).end(JSON.stringify(said));
      });
    };
    const client = await serve(refuse);
    const expected = { name: 'ServerError', code: 'upload_too_large', status: 413 };
    await assert.rejects(client.create(newJob()), { ...expected, message: 'It is too large.' });
  });

  it('fails with the error of the file when that cannot be read, or has changed', async () => {
    const client = await serve((request, response) => {
      request.resume().once('end', () => response.writeHead(202).end(JSON.stringify(JOB)));
    });
    const missing = join(folder.path, 'missing.wav');
    await assert.rejects(client.create(newJob({ path: missing })), { code: 'ENOENT' });
    await truncate(path, 1000);
    await assert.rejects(client.create(newJob()), { message: /has changed while it was sent/ });
  });

  it('finds its job when the answer to it was lost', async () => {
    const keys: unknown[] = [];
    const client = await serve((request, response) => {
      keys.push(request.headers['idempotency-key']);
      request.resume().once('end', () => {
        if (keys.length === 1) request.socket.destroy();
        else response.writeHead(200).end(JSON.stringify(JOB));
      });
    });
    assert.deepEqual(await client.create(newJob()), { job: JOB, isNew: false });
    assert.deepEqual(keys, ['k1', 'k1']);
  });
});

describe('asking a server', () => {
  it('waits for one that restarts', async () => {
    await serve(() => {});
    const port = server?.port ?? 0;
    await server?.close();
    const patience = { firstPauseMs: 20, longestPauseMs: 200, failures: 1000 };
    const { signal } = new AbortController();
    const url = `http://127.0.0.1:${port}`;
    const client = createServerClient({ server: url, apiKey: undefined, patience, signal });
    let waits = 0;
    const asked = client.job('a1', () => {
      waits += 1;
    });
    await until(() => waits > 1, 'nobody waits');
    await serve((_request, response) => response.end(JSON.stringify(JOB)), { port });
    assert.deepEqual(await asked, JOB);
  });

  it('gives up where nobody answers again and again, and at once at the first check', async () => {
    const client = await serve(() => {});
    await server?.close();
    const unreachable = {
      name: 'ServerError',
      message: /^http:.* cannot be reached \(ECONNREFUSED\)/,
    };
    await assert.rejects(client.job('a1'), unreachable);
    await assert.rejects(client.check(), unreachable);
  });

  it('does not ask again where the server says that it is no use', async () => {
    let asked = 0;
    const client = await serve((_request, response) => {
      asked += 1;
      response.writeHead(503, { 'x-should-retry': 'false' }).end('<html>');
    });
    await assert.rejects(client.job('a1'), { message: 'The server answered with status 503.' });
    assert.equal(asked, 1);
  });

  it('says so where the server has no jobs', async () => {
    const client = await serve((_request, response) => response.end('{"hello":1}'));
    await assert.rejects(client.job('a1'), { message: /does not answer as one that has jobs/ });
  });

  it('asks for a result with the times of words where the format has them', async () => {
    const asked: unknown[] = [];
    const client = await serve((request, response) => {
      asked.push(decodeURIComponent(request.url ?? ''));
      response.end('text');
    });
    assert.equal(await client.result('a1', 'srt'), 'text');
    await client.result('a1', 'verbose_json');
    const base = '/v1/audio/jobs/a1/result?response_format=';
    const granularities = 'timestamp_granularities[]=word&timestamp_granularities[]=segment';
    assert.deepEqual(asked, [`${base}srt`, `${base}verbose_json&${granularities}`]);
  });

  it('ends with the reason of its signal, also while it waits', async () => {
    const controller = new AbortController();
    const reason = new Error('interrupted');
    await serve((_request, response) => {
      response.writeHead(503, { 'retry-after': '1000' }).end();
    });
    const client = createServerClient({
      server: server?.url ?? '',
      apiKey: undefined,
      signal: controller.signal,
    });
    const asked = client.job('a1', () => controller.abort(reason));
    await assert.rejects(asked, reason);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encodeWav } from '#services/audio/wav.js';
import { denoiserDir, modelsWithDenoiser } from '../support/denoiser-model.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { formOf, jobClient } from '../support/job-client.js';
import { withNoise } from '../support/noisy.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const skip = denoiserDir() === undefined && 'GTCRN is not on this machine';
const noisy = Buffer.from(
  encodeWav(withNoise(fixturePcm('two-speakers-clean').subarray(0, 4.6 * 16_000), { decibels: 3 })),
);

describe('enhance over HTTP', { skip }, () => {
  let server: TestServer;
  let models: Awaited<ReturnType<typeof modelsWithDenoiser>>;

  before(async () => {
    models = await modelsWithDenoiser();
    server = await startTestServer({ MODELS_DIR: models?.path ?? '', RESULT_CACHE_BYTES: '1MB' });
  });
  after(async () => {
    await server.close();
    await models?.remove();
  });

  const post = (fields: Record<string, string>, path = 'transcriptions') =>
    fetch(`${server.url}/v1/audio/${path}`, {
      method: 'POST',
      body: formOf({ file: [noisy] }, fields),
    });
  const textOf = async (response: Response): Promise<string> => {
    assert.equal(response.status, 200);
    return ((await response.json()) as { text: string }).text;
  };
  const roles = async () => {
    const health = await fetch(`${server.url}/health`);
    const { engines } = (await health.json()) as { engines: { role: string }[] };
    return engines.map(({ role }) => role);
  };
  const applied = ({ headers }: Response) => headers.get('x-whosaid-enhanced');

  it('does what the field says and says what it did; the process is there from then on', async () => {
    const plain = await post({ enhance: 'none' });
    assert.equal(applied(plain), null);
    await textOf(plain);
    assert.ok(!(await roles()).includes('enhance'));
    const denoised = await post({ enhance: 'Denoise', enhance_for: 'both' });
    assert.equal(applied(denoised), 'denoise; model=gtcrn-simple; for=both');
    assert.match(await textOf(denoised), /travel/i);
    assert.ok((await roles()).includes('enhance'));
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(
      metrics,
      /whosaid_engine_hosts\{role="enhance",model="gtcrn-simple",state="ready"\} 1/,
    );
  });

  it('is a transcript of its own for the cache', async () => {
    const cached = async (fields: Record<string, string>) => {
      const response = await post(fields);
      await textOf(response);
      return response.headers.get('x-whosaid-cache');
    };
    assert.equal(await cached({ enhance: 'denoise', enhance_for: 'asr' }), null);
    assert.equal(await cached({ enhance: 'denoise', enhance_for: 'asr' }), 'hit');
    assert.equal(await cached({}), 'hit');
  });

  it('is done in streams and in jobs as well', async () => {
    const streamed = await post({ enhance: 'denoise', stream: 'true' });
    assert.equal(applied(streamed), 'denoise; model=gtcrn-simple; for=asr');
    assert.match(await streamed.text(), /transcript\.text\.done/);
    const direct = await textOf(await post({ enhance: 'denoise' }));
    const jobs = jobClient(server.url);
    const made = await jobs.create(noisy, { enhance: 'denoise' });
    const ended = await jobs.ended(made.id);
    assert.equal(ended.status, 'completed');
    assert.equal(await textOf(await jobs.result(made.id)), direct);
  });

  it('refuses what it does not know, and what is not installed, by the name of the field', async () => {
    const refused = async (fields: Record<string, string>, path?: string) => {
      const response = await post(fields, path);
      const { error } = (await response.json()) as { error: { param: string; message: string } };
      return [response.status, error.param, error.message] as const;
    };
    const [status, param, message] = await refused({ enhance: 'louder' });
    assert.deepEqual([status, param], [400, 'enhance']);
    assert.match(message, /'none', 'denoise', 'vocals'.*'louder'/);
    assert.deepEqual((await refused({ enhance_for: 'me' })).slice(0, 2), [400, 'enhance_for']);
    for (const path of ['transcriptions', 'jobs']) {
      const missing = await refused({ enhance: 'vocals' }, path);
      assert.deepEqual(missing.slice(0, 2), [400, 'enhance']);
      assert.match(missing[2], /models pull /);
    }
  });
});

import assert from 'node:assert/strict';
import { cp, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';
import { shortClip } from '../support/clips.js';
import { formOf, jobClient } from '../support/job-client.js';
import { testFolder } from '../support/paths.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const TINY = join(projectRoot, 'test/fixtures/tiny-models');
/** Tiny models as an operator's own: they say the same words whatever they hear. */
const OWN = {
  'sense-voice': { like: 'sense-voice-small' },
  zipformer: {
    like: 'zipformer-en',
    files: [
      'encoder-epoch-99-avg-1.int8.onnx',
      'decoder-epoch-99-avg-1.onnx',
      'joiner-epoch-99-avg-1.int8.onnx',
      'tokens.txt',
    ],
  },
};
const HEADER = 'x-whosaid-inverse-text-normalization';

describe('how words and numbers are written', () => {
  let server: TestServer;
  let models: Awaited<ReturnType<typeof testFolder>>;

  before(async () => {
    models = await testFolder();
    const { modelsDir } = loadSettings();
    for (const name of await readdir(modelsDir))
      if (!name.startsWith('.')) await symlink(join(modelsDir, name), join(models.path, name));
    const own = Object.entries(OWN).map(([folder, more]) => ({
      id: `custom:${folder}`,
      folder,
      ...more,
    }));
    for (const { folder } of own)
      await cp(join(TINY, folder), join(models.path, folder), { recursive: true });
    await writeFile(join(models.path, 'custom.json'), JSON.stringify({ models: own }));
    server = await startTestServer({
      MODELS_DIR: models.path,
      ENABLE_PUNCTUATION_RESTORATION: 'true',
      RESULT_CACHE_BYTES: '1MB',
    });
  });
  after(async () => {
    await server?.close();
    await models.remove();
  });

  const post = (fields: Record<string, string>) =>
    fetch(`${server.url}/v1/audio/transcriptions`, {
      method: 'POST',
      body: formOf({ file: [shortClip()] }, fields),
    });
  const textOf = async (response: Response): Promise<string> => {
    const body = (await response.json()) as { text: string };
    assert.equal(response.status, 200, JSON.stringify(body));
    return body.text;
  };

  it('without a punctuation model text stays as it is, and one line in the log says what to fetch', async () => {
    for (const response_format of ['json', 'verbose_json'])
      assert.match(
        await textOf(await post({ model: 'custom:zipformer', response_format })),
        /^hello world\./,
      );
    assert.match(await textOf(await post({ model: 'custom:sense-voice' })), /^number 5\./);
    const said = server.logs.filter(({ fields }) => String(fields.note).includes('punctuation'));
    assert.equal(said.length, 1);
    assert.match(String(said[0]?.fields.note), /custom:zipformer.*models pull punctuation-en/);
  });

  it('numbers are written as the field says, which the answer confirms', async () => {
    const model = 'custom:sense-voice';
    for (const [wish, outcome, text] of [
      ['false', 'off', /^number five/],
      ['true', 'on', /^number 5\./],
      ['off', 'off', /^number five/],
    ] as const) {
      const response = await post({ model, inverse_text_normalization: wish });
      assert.equal(response.headers.get(HEADER), outcome);
      assert.match(await textOf(response), text);
    }
    assert.equal((await post({ model })).headers.get(HEADER), null);
  });

  it('a model that cannot be told says so, and one transcript is kept for all wishes', async () => {
    const model = 'custom:zipformer';
    await textOf(await post({ model }));
    for (const wish of ['true', 'false']) {
      const response = await post({ model, inverse_text_normalization: wish });
      assert.equal(response.headers.get(HEADER), 'unsupported');
      assert.equal(response.headers.get('x-whosaid-cache'), 'hit');
    }
  });

  it('a wish that is no wish is refused, and the field is named', async () => {
    const response = await post({ model: 'whisper-1', inverse_text_normalization: 'maybe' });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /inverse_text_normalization/);
  });

  it('a job is told the same', async () => {
    const jobs = jobClient(server.url);
    const { id } = await jobs.create(shortClip(), {
      model: 'custom:sense-voice',
      inverse_text_normalization: 'false',
    });
    assert.equal((await jobs.ended(id)).status, 'completed');
    const result = (await (await jobs.result(id)).json()) as { text: string };
    assert.match(result.text, /^number five/);
  });
});

describe('ENABLE_INVERSE_TEXT_NORMALIZATION', () => {
  it('is for requests that do not say, and the default model says that it cannot be told', async () => {
    const server = await startTestServer({ ENABLE_INVERSE_TEXT_NORMALIZATION: 'true' });
    try {
      const response = await fetch(`${server.url}/v1/audio/transcriptions`, {
        method: 'POST',
        body: formOf({ file: [shortClip()] }, { model: 'whisper-1' }),
      });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get(HEADER), 'unsupported');
    } finally {
      await server.close();
    }
  });
});

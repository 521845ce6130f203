import assert from 'node:assert/strict';
import { copyFile, rm, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { shortClip } from '../support/clips.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';
import { modelsWithWhisper, WHISPER_MODEL, whisperDir } from '../support/whisper-model.js';

const skip = whisperDir() === undefined ? 'no Whisper base on this machine (WHISPER_DIR)' : false;

describe('a Whisper model with a bad file', { skip }, () => {
  let models: Awaited<ReturnType<typeof modelsWithWhisper>>;
  let server: TestServer;
  const file = (name: string) => join(models?.path ?? '', WHISPER_MODEL, name);

  before(async () => {
    models = await modelsWithWhisper();
    server = await startTestServer({ MODELS_DIR: models?.path ?? '' });
  });
  after(async () => {
    await server?.close();
    await models?.remove();
  });

  async function transcribe(model: string): Promise<{ status: number; body: string }> {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(shortClip())]), 'clip.wav');
    form.append('model', model);
    const response = await fetch(`${server.url}/v1/audio/transcriptions`, {
      method: 'POST',
      body: form,
    });
    return { status: response.status, body: await response.text() };
  }

  const defaultModelWorks = async () => {
    const { status, body } = await transcribe('whisper-1');
    assert.equal(status, 200, body);
    assert.match(body, /electricity/);
  };

  it('is not offered while a file is cut short', async () => {
    const decoder = file('base-decoder.int8.onnx');
    await rm(decoder);
    await copyFile(join(whisperDir() ?? '', 'decoder.int8.onnx'), decoder);
    await truncate(decoder, 40_000_000);
    const { status, body } = await transcribe(WHISPER_MODEL);
    assert.equal(status, 404, body);
    assert.match(body, /models pull whisper-base/);
    await defaultModelWorks();
  });

  it('answers 503 naming the file when a file is of another model, and the others go on', async () => {
    const encoder = file('base-encoder.int8.onnx');
    const decoder = file('base-decoder.int8.onnx');
    for (const path of [encoder, decoder]) await rm(path);
    const moonshine = join(loadSettings().modelsDir, 'moonshine-base-en');
    await symlink(join(moonshine, 'encoder_model.onnx'), encoder);
    await symlink(join(whisperDir() ?? '', 'decoder.int8.onnx'), decoder);
    // What was seen first is pinned: let these be seen first.
    await rm(file('pins.json'), { force: true });
    for (let attempt = 0; attempt < 2; attempt++) {
      const { status, body } = await transcribe(WHISPER_MODEL);
      assert.equal(status, 503, body);
      assert.match(body, /base-encoder\.int8\.onnx/);
      await defaultModelWorks();
    }
  });

  it('works again once the right files are there, without a restart', async () => {
    const encoder = file('base-encoder.int8.onnx');
    await rm(encoder);
    await symlink(join(whisperDir() ?? '', 'encoder.int8.onnx'), encoder);
    await rm(file('pins.json'), { force: true });
    // After a start that failed the next one waits for a moment.
    let body = '';
    await until(async () => {
      const answer = await transcribe(WHISPER_MODEL);
      body = answer.body;
      return answer.status === 200;
    }, 'the model is still refused');
    assert.match(body, /electricity/);
    await defaultModelWorks();
  });
});

import assert from 'node:assert/strict';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { conversationClip } from '../support/clips.js';
import { startGatewayProcess } from '../support/gateway-process.js';
import { testFolder } from '../support/paths.js';
import { run } from './support/run.js';

const CUSTOM = {
  models: [
    { id: 'custom:ours', like: 'canary-180m-flash', folder: 'ours' },
    { id: 'custom:typo', family: 'canarry', folder: 'typo', files: ['encoder.onnx'] },
  ],
};

describe("models on the command line, with models of the operator's own that are wrong", () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    folder = await testFolder();
    const downloaded = join(projectRoot, 'models', 'downloaded');
    for (const id of (await readdir(downloaded)).filter((name) => !name.startsWith('.')))
      await symlink(join(downloaded, id), join(folder.path, id));
    await writeFile(join(folder.path, 'custom.json'), JSON.stringify(CUSTOM));
    await mkdir(join(folder.path, 'ours'));
    await writeFile(join(folder.path, 'ours', 'encoder.int8.onnx'), 'no ONNX file');
  });
  after(() => folder.remove());

  const models = (...args: readonly string[]) =>
    run({
      command: process.execPath,
      args: [join(projectRoot, 'bin/whosaid'), 'models', ...args],
      cwd: folder.path,
      env: { MODELS_DIR: folder.path },
    });

  it('lists the families with what is installed, and says what is wrong', async () => {
    const { code, stdout, stderr } = await models('list');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^Moonshine \(moonshine\): [12] of 2 installed$/m);
    assert.match(stdout, /^ {2}moonshine-base-en +installed +63\.0 MB +en +MIT +default$/m);
    assert.match(stdout, /^ {2}parakeet-tdt-0\.6b-v3 +- +670\.5 MB +25 languages +CC-BY-4\.0$/m);
    assert.match(stdout, /^ {2}canary-1b +by hand +\? +en de es fr +CC-BY-NC-4\.0$/m);
    assert.match(stdout, /^ {2}custom:ours +by hand/m);
    assert.doesNotMatch(stdout, /custom:typo/);
    assert.match(stderr, /"custom:typo".*family is "canarry"; expected one of .*canary/);
    assert.match(stderr, /"custom:ours".*lacks decoder\.int8\.onnx, tokens\.txt/);
  });

  it('lists those that are installed alone, when asked', async () => {
    const { stdout } = await models('list', '--installed');
    assert.match(stdout, /moonshine-base-en/);
    assert.doesNotMatch(stdout, /parakeet|canary/);
  });

  it('tells all that is known of one', async () => {
    const { code, stdout } = await models('info', 'canary-1b');
    assert.equal(code, 0);
    for (const line of [
      /^ {2}languages +en \(english\), de \(german\)/m,
      /^ {2}can +translation/m,
      /^ {2}licence +CC-BY-NC-4\.0$/m,
      /^ {2}notice .*may not be used commercially/m,
      /^ {2}file +tokens\.txt: missing$/m,
    ])
      assert.match(stdout, line);
    const unknown = await models('info', 'canary-2b');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /no 'canary-2b'/);
  });

  it('says of one that nobody publishes what its licence forbids, how it is made and where it belongs', async () => {
    const { code, stderr } = await models('pull', 'canary-1b');
    assert.equal(code, 1);
    assert.match(stderr, /notice for canary-1b: .*may not be used commercially/);
    assert.match(stderr, /tokens\.txt is missing.*Export.*canary-1b; docs\/converting-models\.md/s);
  });

  it('verifies them, and names the files that are missing or no ONNX', async () => {
    const all = await models('verify');
    assert.equal(all.code, 1);
    assert.match(all.stderr, /custom:typo/);
    assert.match(all.stdout, /^moonshine-base-en: ok$/m);
    assert.match(all.stdout, /custom:ours: tokens\.txt is missing/);
    assert.match(all.stdout, /custom:ours: encoder\.int8\.onnx is wrong: expected a whole ONNX/);
    assert.match(all.stdout, /models pull custom:ours' says what to do/);
  });

  it('leaves the server alone: it says so in its log and transcribes', async () => {
    const gateway = await startGatewayProcess({
      MODELS_DIR: folder.path,
      ASR_HOSTS: '1',
      LOG_FORMAT: 'json',
    });
    try {
      const audio = conversationClip();
      const { status, body } = await gateway.transcribe(audio, { model: 'whisper-1' });
      assert.equal(status, 200, body);
      const own = await gateway.transcribe(audio, { model: 'custom:ours' });
      assert.equal(own.status, 404, own.body);
      assert.match(own.body, /models pull custom:ours/);
      const typo = await gateway.transcribe(audio, { model: 'custom:typo' });
      assert.equal(typo.status, 404, typo.body);
      assert.match(gateway.output(), /custom:typo.*family is/);
      assert.equal((await gateway.health()).status, 'healthy');
    } finally {
      await gateway.close();
    }
  });
});

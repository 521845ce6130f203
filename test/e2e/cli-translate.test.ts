import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { loadSettings } from '#config/settings.js';
import { modelsWithWhisper, WHISPER_MODEL, whisperDir } from '../support/whisper-model.js';
import { type RunResult, run } from './support/run.js';

const recording = join(projectRoot, 'test/fixtures/two-voices-short.flac');
const skip = whisperDir() === undefined && 'needs Whisper base';

describe('translation on the command line', { skip }, () => {
  let folder: string;
  let models: Awaited<ReturnType<typeof modelsWithWhisper>>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whosaid-e2e-'));
    await mkdir(join(folder, 'temp'));
    models = await modelsWithWhisper();
  });
  after(async () => {
    await models?.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const transcribe = (flags: readonly string[], env: Record<string, string> = {}) =>
    run({
      command: process.execPath,
      args: [join(projectRoot, 'bin/whosaid'), 'transcribe', recording, ...flags],
      cwd: folder,
      env: { TEMP_DIR: join(folder, 'temp'), MODELS_DIR: models?.path ?? '', ...env },
    });

  function refused({ code, stderr }: RunResult, reason: RegExp): void {
    assert.equal(code, 1);
    assert.match(stderr, reason);
    assert.doesNotMatch(stderr, /model=/);
  }

  it('takes the installed model that translates when none is named', async () => {
    const { code, stdout, stderr } = await transcribe(['--task', 'translate']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /\w+ \w+/);
  });

  it('takes it too when OpenAI ids have other meanings here', async () => {
    const ALIASES = 'whisper-1=moonshine-base-en';
    const { code, stderr } = await transcribe(['--task', 'translate'], { ALIASES });
    assert.equal(code, 0, stderr);
  });

  it('keeps to a named model that cannot, and says which flag names one that can', async () => {
    const result = await transcribe(['--task', 'translate', '--model', 'moonshine-base-en']);
    refused(result, new RegExp(`cannot translate\\. Use --model ${WHISPER_MODEL}, which does`));
  });

  it('says how to fetch a model that can, and which flag names it then', async () => {
    const folderWithout = join(folder, 'models');
    await mkdir(folderWithout);
    const { modelsDir } = loadSettings();
    const names = (await readdir(modelsDir)).filter((name) => !/^\.|whisper/.test(name));
    for (const name of names) await symlink(join(modelsDir, name), join(folderWithout, name));
    const result = await transcribe(['--task', 'translate'], { MODELS_DIR: folderWithout });
    refused(result, /models pull (whisper-\S+)' and use --model \1\./);
  });

  it('says which flag names a model for a language', async () => {
    const result = await transcribe(['--language', 'german']);
    refused(result, new RegExp(`does not know german.*Use --model ${WHISPER_MODEL}`));
  });
});

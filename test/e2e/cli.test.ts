import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { descendantsOf, isRunning } from './support/descendants.js';
import { type RunResult, run, start } from './support/run.js';

const two = join(projectRoot, 'test/fixtures/two-speakers-clean.flac');
const three = join(projectRoot, 'test/fixtures/three-speakers-reverb.flac');

describe('command line', () => {
  let folder: string;
  let tempDir: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whosaid-e2e-'));
    tempDir = join(folder, 'temp');
    await mkdir(tempDir);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const whosaid = (args: readonly string[], env: Record<string, string> = {}) => ({
    command: process.execPath,
    args: [join(projectRoot, 'bin/whosaid'), ...args],
    cwd: folder,
    env: { TEMP_DIR: tempDir, ...env },
  });

  it('shows every command and examples with --help', async () => {
    const { code, stdout } = await run(whosaid(['--help']));
    assert.equal(code, 0);
    for (const word of ['serve', 'transcribe', 'voices', 'models', 'Examples:'])
      assert.match(stdout, new RegExp(word));
  });

  it('shows the version of package.json with --version', async () => {
    const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8'));
    assert.equal((await run(whosaid(['--version']))).stdout.trim(), version);
  });

  it('writes a file for each input and format, in the folder that was asked for', async () => {
    const args = ['transcribe', two, three, '--format', 'srt,vtt', '--output-dir', 'out'];
    const { code, stdout, stderr } = await run(whosaid(args));
    assert.equal(code, 0, stderr);
    assert.equal(stdout, '');
    const out = join(folder, 'out');
    const names = ['three-speakers-reverb', 'two-speakers-clean'];
    assert.deepEqual(
      (await readdir(out)).sort(),
      names.flatMap((name) => [`${name}.srt`, `${name}.vtt`]),
    );
    const srt = await readFile(join(out, 'two-speakers-clean.srt'), 'utf8');
    assert.match(srt, /^1\n\d\d:\d\d:\d\d,\d{3} --> \d\d:\d\d:\d\d,\d{3}\n\S/);
    assert.match(await readFile(join(out, 'two-speakers-clean.vtt'), 'utf8'), /^WEBVTT\n\n/);
    assert.match(stderr, /two-speakers-clean\.flac: 0:5\d in [\d.]+ s, [\d.]+x/);
    assert.deepEqual(await readdir(tempDir), []);
  });

  it('prints one format to stdout, with language and model given by name', async () => {
    const args = ['transcribe', two, '-f', 'verbose_json', '-l', 'English', '-m', 'whisper-1'];
    const { code, stdout, stderr } = await run(whosaid(args));
    assert.equal(code, 0, stderr);
    const transcript = JSON.parse(stdout);
    assert.equal(transcript.language, 'english');
    assert.ok(transcript.words.length > 100 && transcript.segments.length > 3);
  });

  describe('with a file that cannot be transcribed among others', () => {
    let result: RunResult;

    before(async () => {
      await writeFile(join(folder, 'text.mp3'), 'This is not audio, whatever its name says.\n');
      const files = ['text.mp3', 'not-there.wav', two];
      result = await run(whosaid(['transcribe', ...files, '-f', 'text', '-o', 'mixed']));
    });

    it('exits with code 1', () => assert.equal(result.code, 1));

    it('transcribes the rest', async () => {
      const text = await readFile(join(folder, 'mixed/two-speakers-clean.txt'), 'utf8');
      assert.ok(text.split(/\s+/).length > 100);
    });

    it('says for each file why', () => {
      assert.match(result.stderr, /text\.mp3: \S+/);
      assert.match(result.stderr, /not-there\.wav: \S+/);
      assert.match(result.stderr, /2 of 3 files failed/);
    });
  });

  const refusals = [
    [['transcribe', two, '-f', 'docx'], /--format is "docx"; expected json, text/],
    [['transcribe', two, '-f', 'srt,vtt'], /add --output-dir/],
    [['transcribe', two, '-l', 'klingon'], /klingon/],
    [['transcribe', two, '-l', 'german'], /german/],
    [['transcribe', two, '-m', 'no-such-model'], /no-such-model/],
    [['serve', '--port', 'abc'], /PORT is "abc"; expected a whole number/],
  ] as const;
  for (const [args, reason] of refusals) {
    const shown = args.filter((word) => word !== two).join(' ');
    it(`refuses \`${shown}\` with code 1 and the reason`, async () => {
      const { code, stderr } = await run(whosaid(args));
      assert.equal(code, 1);
      assert.match(stderr, reason);
      assert.doesNotMatch(stderr, /^\s+at /m);
    });
  }

  describe('models, with a file that is damaged', () => {
    const id = 'moonshine-base-en';
    let modelsDir: string;

    before(async () => {
      modelsDir = join(folder, 'models');
      await mkdir(join(modelsDir, id), { recursive: true });
      await writeFile(join(modelsDir, id, 'encoder_model.onnx'), 'cut off');
    });
    const models = (...args: string[]) =>
      run(whosaid(['models', ...args], { MODELS_DIR: modelsDir }));

    it('verify names the file and what to do, with code 1, and passes over what was never fetched', async () => {
      const { code, stdout } = await models('verify');
      assert.equal(code, 1);
      assert.match(stdout, /^moonshine-base-en: encoder_model\.onnx is wrong: expected \d+ bytes/m);
      assert.match(stdout, /'\.\/bin\/whosaid models pull moonshine-base-en' puts it right/);
      assert.match(stdout, /^segmentation-3\.0: ok$/m);
      assert.doesNotMatch(stdout, /moonshine-tiny-en/);
    });

    it('list says that it is not installed, and what is', async () => {
      const { code, stdout } = await models('list');
      assert.equal(code, 0);
      assert.match(stdout, /^ {2}moonshine-base-en +- +63\.0 MB +en +MIT +default$/m);
      assert.match(stdout, /^ {2}segmentation-3\.0 +installed/m);
    });

    it('path prints where it belongs', async () => {
      assert.equal((await models('path', id)).stdout.trim(), join(modelsDir, id));
      assert.equal((await models('path', 'no-such-model')).code, 1);
    });
  });

  it('leaves no process and no temporary file when interrupted', async () => {
    const running = start(whosaid(['transcribe', three, three, three, three, three]));
    try {
      await running.waitFor(/three-speakers-reverb\.flac: 1:4\d in/);
      const children = (await descendantsOf(running.child.pid as number)) ?? [];
      assert.ok(process.platform !== 'linux' || children.length > 0);
      running.child.kill('SIGINT');
      const { code, stderr } = await running.ended;
      assert.equal(code, 130, stderr);
      for (const pid of children) assert.equal(await isRunning(pid), false, `process ${pid}`);
      assert.deepEqual(await readdir(tempDir), []);
    } finally {
      running.signalAll('SIGKILL');
    }
  });

  describe('serve', () => {
    it('says so when the port is taken, and stops with code 0 on SIGTERM', async () => {
      const dataDir = { DATA_DIR: join(folder, 'first-data') };
      const first = start(whosaid(['serve', '--port', '0'], dataDir));
      try {
        const [, port] = await first.waitFor(/ready at http:\/\/127\.0\.0\.1:(\d+)/);
        const own = { DATA_DIR: join(folder, 'second-data') };
        const second = await run(whosaid(['serve', '--port', port as string], own));
        assert.equal(second.code, 1);
        assert.match(
          second.stderr,
          new RegExp(`Port ${port} of 127\\.0\\.0\\.1 is already in use`),
        );
        // Nor can two have one folder of data.
        const third = await run(whosaid(['serve', '--port', '0'], dataDir));
        assert.equal(third.code, 1);
        assert.match(third.stderr, /jobs\.sqlite is in use by another whosaid \(process \d+/);
        const children = (await descendantsOf(first.child.pid as number)) ?? [];
        first.child.kill('SIGTERM');
        const { code } = await first.ended;
        assert.equal(code, 0);
        for (const pid of children) assert.equal(await isRunning(pid), false, `process ${pid}`);
      } finally {
        first.signalAll('SIGKILL');
      }
    });
  });
});

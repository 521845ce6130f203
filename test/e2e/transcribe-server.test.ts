import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { testFolder } from '../support/paths.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';
import { type Running, run, start } from './support/run.js';

const KEY = 'sk-test-0123456789';
const voices = join(projectRoot, 'test/fixtures/two-voices-short.flac');
const long = join(projectRoot, 'test/fixtures/three-speakers-reverb.flac');
const channels = join(projectRoot, 'test/fixtures/two-channels-short.flac');

describe('whosaid transcribe --server', () => {
  let server: TestServer;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let started: Running[];
  before(async () => {
    server = await startTestServer({ API_KEYS: KEY });
  });
  after(() => server.close());
  beforeEach(async () => {
    folder = await testFolder();
    started = [];
  });
  afterEach(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await Promise.all(started.map(({ ended }) => ended));
    await folder.remove();
  });

  const command = (args: readonly string[]) => ({
    command: process.execPath,
    args: [
      ...[join(projectRoot, 'bin/whosaid'), 'transcribe', '--server', server.url],
      ...(args.includes('--api-key') ? [] : ['--api-key', KEY]),
      ...args,
    ],
    cwd: folder.path,
    env: { DATA_DIR: join(folder.path, 'data') },
  });
  const begin = (args: readonly string[]): Running => {
    const running = start(command(args));
    started.push(running);
    return running;
  };
  const inFolder = (...names: string[]) => join(folder.path, ...names);
  const jobs = async (): Promise<{ id: string; status: string }[]> => {
    const headers = { authorization: `Bearer ${KEY}` };
    const answer = await fetch(`${server.url}/v1/audio/jobs?limit=100`, { headers });
    return ((await answer.json()) as { data: { id: string; status: string }[] }).data;
  };

  it('transcribes what is in a folder, in several formats, and next time only what is not finished', async () => {
    await mkdir(inFolder('calls/deep'), { recursive: true });
    await copyFile(voices, inFolder('calls/a.flac'));
    await copyFile(channels, inFolder('calls/deep/b.flac'));
    await writeFile(inFolder('calls/broken.mp3'), 'This is not audio.\n');
    await writeFile(inFolder('calls/notes.txt'), 'These are notes.\n');
    const args = ['--recursive', 'calls', '--format', 'srt,verbose_json', '--summary', 's.json'];
    const first = await run(command(args));
    assert.equal(first.code, 1, first.stderr);
    assert.equal(first.stdout, '');
    assert.match(first.stderr, /^a\.flac: 0:0\d in [\d.]+ s → .*a\.srt, .*a\.verbose\.json$/m);
    assert.match(first.stderr, /^broken\.mp3: Invalid file format/m);
    assert.match(first.stderr, /^3 files: 2 transcribed, 1 failed$/m);
    assert.match(await readFile(inFolder('calls/a.srt'), 'utf8'), /^1\n00:00:0\d,\d{3} --> /);
    const { words } = JSON.parse(await readFile(inFolder('calls/deep/b.verbose.json'), 'utf8'));
    assert.ok(words.length > 3);
    const summary = JSON.parse(await readFile(inFolder('s.json'), 'utf8'));
    assert.deepEqual(
      [summary.total, summary.completed, summary.skipped, summary.failed],
      [3, 2, 0, 1],
    );
    const failed = summary.files.find((file: { status: string }) => file.status === 'failed');
    assert.equal(failed.file, inFolder('calls/broken.mp3'));
    assert.equal(typeof failed.error.code, 'string');

    const second = await run(command(args));
    assert.equal(second.code, 1);
    assert.match(second.stderr, /^3 files: 0 transcribed, 2 finished before, 1 failed$/m);

    // A transcript that is older than its recording is not of this recording.
    const soon = new Date(Date.now() + 60_000);
    await utimes(inFolder('calls/a.flac'), soon, soon);
    await rm(inFolder('calls/broken.mp3'));
    const third = await run(command(args));
    assert.equal(third.code, 0, third.stderr);
    assert.match(third.stderr, /^2 files: 1 transcribed, 1 finished before$/m);
  });

  it('prints the transcript of a file where no folder is named', async () => {
    const { code, stdout, stderr } = await run(command([voices, '--diarize', '--format', 'vtt']));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^WEBVTT\n\n/);
    assert.match(stdout, /<v A>.*<v B>/s);
  });

  it('goes on with the jobs of a run that was killed, and makes others when it is forced to', async () => {
    await mkdir(inFolder('calls'));
    await copyFile(voices, inFolder('calls/a.flac'));
    const args = ['--recursive', 'calls', '--output-dir', 'out', '--language', 'en'];
    const before = (await jobs()).length;
    const { child, ended } = begin(args);
    await until(async () => (await jobs()).length > before, 'no job is made');
    child.kill('SIGKILL');
    await ended;
    await rm(inFolder('out'), { recursive: true, force: true });
    const second = await run(command(args));
    assert.equal(second.code, 0, second.stderr);
    assert.equal((await jobs()).length, before + 1);
    assert.deepEqual(await readdir(inFolder('out')), ['a.txt']);
    const forced = await run(command([...args, '--force']));
    assert.equal(forced.code, 0, forced.stderr);
    assert.match(forced.stderr, /^1 file: 1 transcribed$/m);
    assert.equal((await jobs()).length, before + 2);
  });

  it('ends at Ctrl-C with code 130, and the server goes on', async () => {
    const before = (await jobs()).length;
    const running = begin([
      long,
      voices,
      '--jobs',
      '1',
      '--output-dir',
      'out',
      '--summary',
      's.json',
    ]);
    await until(async () => (await jobs()).length > before, 'no job is made');
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    assert.equal(code, 130, stderr);
    assert.match(stderr, /^2 files: .*2 interrupted \(the same command goes on with them\)$/m);
    assert.equal(JSON.parse(await readFile(inFolder('s.json'), 'utf8')).interrupted, 2);
    const [job] = await jobs();
    assert.match(job?.status ?? '', /^(pending|processing|completed)$/);
  });

  it('tries again what failed before', async () => {
    await writeFile(inFolder('broken.mp3'), 'This is no audio either.\n');
    const before = (await jobs()).length;
    for (const _time of [1, 2]) {
      const { code, stderr } = await run(command(['broken.mp3']));
      assert.equal(code, 1);
      assert.match(stderr, /^broken\.mp3: /m);
      assert.equal((await jobs()).length, before + 1);
    }
  });

  it('watches a folder until it is stopped', async () => {
    await mkdir(inFolder('inbox'));
    const running = begin(['--watch', 'inbox', '--output-dir', 'out', '--summary', 's.json']);
    await running.waitFor(/Watching for recordings/);
    await copyFile(voices, inFolder('inbox/later.flac'));
    await running.waitFor(/later\.flac: 0:0\d in/);
    assert.match(await readFile(inFolder('out/later.txt'), 'utf8'), /\w+/);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    assert.equal(JSON.parse(await readFile(inFolder('s.json'), 'utf8')).completed, 1);
  });

  const refusals = [
    [['--api-key', 'wrong', voices], /whosaid: .*API key/],
    [['--server', 'http://127.0.0.1:1', voices], /http:\/\/127\.0\.0\.1:1 cannot be reached/],
    [['.'], /is a folder\. Add --recursive/],
    [['--watch', voices], /--watch needs a folder/],
    [[voices, '--format', 'srt,vtt'], /add --output-dir/],
    [['missing.mp3'], /^missing\.mp3: .*missing\.mp3 cannot be read or written \(ENOENT\)\.$/m],
    [[voices, '--model', 'no-such-model'], /no-such-model/],
  ] as const;
  for (const [args, reason] of refusals) {
    const shown = args.filter((word) => word !== voices).join(' ');
    it(`refuses \`${shown}\` with code 1 and the reason`, async () => {
      const { code, stderr } = await run(command(args));
      assert.equal(code, 1);
      assert.match(stderr, reason);
      assert.doesNotMatch(stderr, /^\s+at /m);
    });
  }
});

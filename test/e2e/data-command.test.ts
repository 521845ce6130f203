import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '#config/root.js';
import { openJobDatabase } from '#services/jobs/store/job-database.js';
import { jobPaths } from '#services/jobs/store/job-paths.js';
import type { JobStatus } from '#services/jobs/types.js';
import { hashKey, keyId } from '#src/access/key-ring.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../support/paths.js';
import { type Running, type RunResult, run, start } from './support/run.js';

const worker = fileURLToPath(new URL('./support/works-on-jobs.js', import.meta.url));

let folder: Awaited<ReturnType<typeof testFolder>>;
let dataDir: string;
let server: Running | undefined;

beforeEach(async () => {
  folder = await testFolder();
  dataDir = join(folder.path, 'data');
  await mkdir(dataDir);
});
afterEach(async () => {
  await stopServer();
  await folder.remove();
});

const data = (...args: string[]): Promise<RunResult> =>
  run({
    command: process.execPath,
    args: [join(projectRoot, 'bin/whosaid'), 'data', ...args],
    cwd: folder.path,
    env: { DATA_DIR: dataDir },
  });

type TestJob = { readonly id: string; readonly owner: string; readonly status: JobStatus };

const testJob = (owner: string, status: JobStatus): TestJob => ({
  id: randomUUID(),
  owner,
  status,
});

/** Starts what works on these jobs; resolves when they are made. */
async function startServer(...jobs: TestJob[]): Promise<Running> {
  server = start({
    command: process.execPath,
    args: [worker, dataDir, ...jobs.map(({ id, owner, status }) => `${id}=${owner}=${status}`)],
    cwd: folder.path,
  });
  await server.waitFor(/made/);
  return server;
}

async function stopServer(): Promise<void> {
  server?.child.kill('SIGKILL');
  await server?.ended;
  server = undefined;
}

/** Whether any file in DATA_DIR holds this text, or is called so. */
function isFound(text: string): boolean {
  return (readdirSync(dataDir, { recursive: true }) as string[])
    .map((name) => ({ name, path: join(dataDir, name) }))
    .some(
      ({ name, path }) =>
        name.includes(text) || (statSync(path).isFile() && readFileSync(path).includes(text)),
    );
}

function idsIn(path: string): string[] {
  const jobs = openJobDatabase({ path, logger: silentLogger });
  try {
    return jobs.ids().sort();
  } finally {
    jobs.close();
  }
}

const idsOf = (...jobs: TestJob[]): string[] => jobs.map(({ id }) => id).sort();

describe('data purge', () => {
  const key = 'sk-a-key-of-somebody';
  const owner = `key:${keyId(hashKey(key))}`;

  for (const [how, given] of [
    ['itself', key],
    ['as its short id', keyId(hashKey(key))],
    ['as its hash', hashKey(key).toString('hex')],
  ] as const)
    it(`deletes all that a key made, given ${how}, while the server works on it`, async () => {
      const [done, working] = [testJob(owner, 'completed'), testJob(owner, 'processing')];
      const other = testJob('key:0123456789ab', 'processing');
      const running = await startServer(done, working, other);
      for (const trace of [owner, done.id, working.id]) assert.ok(isFound(trace));
      const { code, stdout, stderr } = await data('purge', '--key', given, '--yes');
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /^Deleted: 2 jobs \(1 not ended\) and the result cache/);
      const [, settled] = await running.waitFor(new RegExp(`gone ${working.id} (\\w+)`));
      assert.equal(settled, 'false');
      for (const trace of [owner, done.id, working.id]) assert.ok(!isFound(trace), trace);
      assert.ok(existsSync(join(jobPaths(dataDir).recordings, other.id)));
      await stopServer();
      assert.deepEqual(idsIn(jobPaths(dataDir).database), [other.id]);
    });

  it('deletes one job, and only says what it would do with --dry-run', async () => {
    const [one, two] = [testJob('anyone', 'completed'), testJob('anyone', 'processing')];
    await startServer(one, two);
    const dry = await data('purge', '--job', two.id, '--dry-run');
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, new RegExp(`^${two.id} {2}processing\n1 job .* would be deleted`));
    assert.ok(existsSync(join(jobPaths(dataDir).recordings, two.id)));
    const wet = await data('purge', '--job', two.id, '--yes');
    assert.equal(wet.code, 0, wet.stderr);
    assert.ok(!isFound(two.id));
    await stopServer();
    assert.deepEqual(idsIn(jobPaths(dataDir).database), [one.id]);
  });

  it('deletes jobs that ended before a day, and leaves those that have not ended', async () => {
    const [done, working] = [testJob('anyone', 'completed'), testJob('anyone', 'processing')];
    await startServer(done, working);
    await stopServer();
    const before = await data('purge', '--ended-before', '2020-01-01', '--yes');
    assert.match(before.stdout, /^Deleted: 0 jobs/);
    const after = await data('purge', '--ended-before', '9999-01-01T00:00+01:00', '--yes');
    assert.match(after.stdout, /^Deleted: 1 job and/);
    assert.deepEqual(idsIn(jobPaths(dataDir).database), [working.id]);
  });

  it('deletes nothing where nobody can be asked, unless --yes says so', async () => {
    const one = testJob('anyone', 'completed');
    await startServer(one);
    const { code, stderr } = await data('purge', '--key', 'anyone');
    assert.equal(code, 1);
    assert.match(stderr, /Delete 1 job and the result cache for good\?.*add --yes/);
    await stopServer();
    assert.deepEqual(idsIn(jobPaths(dataDir).database), [one.id]);
  });

  it('says what is wrong with what was asked for', async () => {
    await startServer(testJob('anyone', 'completed'));
    for (const [args, words] of [
      [[], /Expected one of --job, --key, --ended-before or --cache/],
      [['--job', randomUUID()], /There is no job/],
    ] as const) {
      const { code, stderr } = await data('purge', ...args, '--yes');
      assert.equal(code, 1);
      assert.match(stderr, words);
    }
  });

  it('says that there are no jobs where there is no file of jobs, and makes none', async () => {
    const { code, stderr } = await data('purge', '--cache', '--yes');
    assert.equal(code, 1);
    assert.match(stderr, /^whosaid: There are no jobs: .*jobs\.sqlite does not exist/);
    assert.deepEqual(readdirSync(dataDir), []);
  });
});

describe('data backup', () => {
  it('copies all jobs while the server works, and says that recordings are not in it', async () => {
    const [done, working] = [testJob('anyone', 'completed'), testJob('anyone', 'processing')];
    await startServer(done, working);
    const { code, stdout, stderr } = await data('backup', 'copy.sqlite');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^copy\.sqlite: 2 jobs with their events, 1 transcripts/);
    assert.match(stdout, /recordings of 1 unfinished jobs .* are not in it.*--with-recordings/);
    assert.deepEqual(idsIn(join(folder.path, 'copy.sqlite')), idsOf(done, working));
    assert.ok(!existsSync(join(folder.path, 'copy.sqlite.recordings')));
  });

  it('copies the recordings of unfinished jobs with --with-recordings', async () => {
    const [done, working] = [testJob('anyone', 'completed'), testJob('anyone', 'processing')];
    await startServer(done, working);
    const { code, stdout, stderr } = await data('backup', 'copy.sqlite', '--with-recordings');
    assert.equal(code, 0, stderr);
    assert.match(stdout, /copy\.sqlite\.recordings: the recordings of 1 unfinished jobs\.$/m);
    assert.doesNotMatch(stdout, /not in it/);
    const copies = join(folder.path, 'copy.sqlite.recordings');
    assert.deepEqual(readdirSync(copies), [working.id]);
    assert.equal(readFileSync(join(copies, working.id, 'recording'), 'utf8'), 'anyone');
  });

  it('says how many recordings were not there to be copied', async () => {
    const working = testJob('anyone', 'processing');
    await startServer(working);
    const { recordings } = jobPaths(dataDir);
    await stopServer();
    await writeFile(join(recordings, 'another'), 'x');
    await rm(join(recordings, working.id), { recursive: true });
    const { code, stdout } = await data('backup', 'copy.sqlite', '--with-recordings');
    assert.equal(code, 0);
    assert.match(stdout, /recordings of 1 unfinished jobs .* are not in it, .*these jobs fail/);
  });

  it('overwrites nothing, and leaves nothing behind when it fails', async () => {
    await startServer(testJob('anyone', 'processing'));
    await writeFile(join(folder.path, 'there.sqlite'), 'mine');
    const there = await data('backup', 'there.sqlite');
    assert.deepEqual(
      [there.code, readFileSync(join(folder.path, 'there.sqlite'), 'utf8')],
      [1, 'mine'],
    );
    assert.match(there.stderr, /there\.sqlite is there already: choose another name/);
    const nowhere = await data('backup', 'none/copy.sqlite', '--with-recordings');
    assert.equal(nowhere.code, 1);
    assert.match(nowhere.stderr, /none\/copy\.sqlite cannot be written \(ENOENT\)/);
    assert.deepEqual(readdirSync(folder.path).sort(), ['data', 'there.sqlite']);
  });
});

it('data --help names both commands, and theirs how to restore and what is deleted', async () => {
  for (const [args, words] of [
    [[], /backup[\s\S]*purge/],
    [['backup'], /To restore: stop the server/],
    [['purge'], /--ended-before <date>[\s\S]*take it out of API_KEYS/],
  ] as const) {
    const { code, stdout } = await data(...args, '--help');
    assert.equal(code, 0);
    assert.match(stdout, words);
  }
});

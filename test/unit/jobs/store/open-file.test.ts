import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import Database from 'libsql';
import { type JobDatabase, openJobDatabase } from '#services/jobs/store/job-database.js';
import { MIGRATIONS } from '#services/jobs/store/migrations.js';
import { openAsServer } from '#services/jobs/store/open-file.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../../../support/paths.js';
import { insert } from './support.js';

const holder = fileURLToPath(new URL('./holds-database.js', import.meta.url));

let folder: Awaited<ReturnType<typeof testFolder>>;
let path: string;

beforeEach(async () => {
  folder = await testFolder();
  path = join(folder.path, 'jobs.sqlite');
});
afterEach(() => folder.remove());

const open = (file = path): JobDatabase => openJobDatabase({ path: file, logger: silentLogger });

/** A database with jobs, of which the last one is in the write-ahead log only, as after kill -9. */
async function leftBehind(): Promise<void> {
  const live = join(folder.path, 'live.sqlite');
  const before = open(live);
  for (let count = 0; count < 200; count += 1) insert(before, { fileName: 'x'.repeat(1000) });
  before.close();
  const jobs = open(live);
  insert(jobs);
  for (const end of ['', '-wal']) await copyFile(live + end, path + end);
  jobs.close();
}

/** Opening fails with these words, and leaves the database and its log as they are. */
async function refuses(words: RegExp): Promise<void> {
  const contents = () =>
    Promise.all([path, `${path}-wal`].map((file) => readFile(file).catch(() => undefined)));
  const before = await contents();
  assert.throws(open, (error: Error) => {
    assert.equal(error.name, 'JobStoreError');
    assert.ok(error.message.includes(path), error.message);
    assert.match(error.message, words);
    return true;
  });
  const after = await contents();
  assert.deepEqual(after[0], before[0]);
  // One that holds nothing may be made.
  assert.deepEqual(
    after[1]?.length ? after[1] : undefined,
    before[1]?.length ? before[1] : undefined,
  );
}

describe('a file of jobs', () => {
  it('is made for its owner alone, and found again with its jobs', async () => {
    const jobs = open();
    const { id } = insert(jobs);
    for (const name of await readdir(folder.path))
      if (process.platform !== 'win32')
        assert.equal((await stat(join(folder.path, name))).mode & 0o077, 0, name);
    jobs.close();
    jobs.close();
    const again = open();
    assert.deepEqual(again.ids(), [id]);
    again.close();
  });

  it('is read with what a process that was killed left in the write-ahead log', async () => {
    await leftBehind();
    const jobs = open();
    assert.equal(jobs.ids().length, 201);
    jobs.close();
  });

  it('of version 1 is brought to the newest version, with its jobs', () => {
    const old = new Database(path);
    old.exec(`PRAGMA journal_mode = WAL; ${MIGRATIONS[0]}; PRAGMA user_version = 1;`);
    old.exec(`
      INSERT INTO jobs (id, owner, status, created_at, bytes, file_name, file, work, rendering)
      VALUES ('a', 'anyone', 'pending', 5, 9, 'a.mp3', 'recording', '{"model":"m"}', '{}');
      INSERT INTO events (job, seq, at, news) VALUES (1, 1, 5, '{"type":"status","status":"pending"}');`);
    old.close();
    const jobs = open();
    assert.deepEqual(jobs.find('a')?.work, { model: 'm' });
    assert.equal(jobs.events('a', { after: 0, limit: 9 }).length, 1);
    insert(jobs);
    jobs.close();
    const sql = new Database(path);
    const { user_version } = sql.prepare('PRAGMA user_version').get() as { user_version: number };
    assert.equal(user_version, MIGRATIONS.length);
    sql.close();
  });

  it('of a newer version is left alone', async () => {
    await leftBehind();
    const sql = new Database(path);
    sql.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}; PRAGMA wal_checkpoint(TRUNCATE);`);
    sql.close();
    await refuses(/newer whosaid.*Start the newer one/);
  });
});

describe('a file that is no whole database of ours is left as it is:', () => {
  it('random bytes', async () => {
    await writeFile(path, randomBytes(10_000));
    await refuses(/damaged.*Nothing was changed.*Move it away.*whosaid data backup/);
  });

  it('a database cut in half', async () => {
    await leftBehind();
    await copyFile(`${path}-wal`, join(folder.path, 'log'));
    await truncate(`${path}-wal`);
    await truncate(path, (await stat(path)).size / 2);
    await refuses(/damaged/);
    // Also where the log still holds something.
    await copyFile(join(folder.path, 'log'), `${path}-wal`);
    await refuses(/damaged/);
  });

  it('a database with a page that was overwritten', async () => {
    await leftBehind();
    const bytes = await readFile(path);
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 4096 * 3);
    await writeFile(path, bytes);
    await refuses(/damaged/);
  });

  it('a log whose database is gone', async () => {
    await leftBehind();
    await truncate(path);
    await refuses(/damaged: it is empty, but .*-wal is not/);
  });

  it('a folder', async () => {
    await mkdir(path);
    assert.throws(open, { name: 'JobStoreError', message: /is no file of jobs: it is a folder/ });
  });

  it('a database of another program', async () => {
    const sql = new Database(path);
    sql.exec('CREATE TABLE songs (name TEXT)');
    sql.close();
    await refuses(/a database of another program/);
  });
});

describe('a large file of jobs', () => {
  const openLarge = () => openAsServer({ path, logger: silentLogger, mostReadBytes: 0 });
  const overwritePage = async () => {
    const bytes = await readFile(path);
    bytes.fill(0xff, bytes.length / 2, bytes.length / 2 + 4096 * 3);
    await writeFile(path, bytes);
  };

  it('is opened without being read to its end where its server has closed it', async () => {
    const jobs = open();
    for (let count = 0; count < 200; count += 1) insert(jobs, { fileName: 'x'.repeat(1000) });
    jobs.close();
    await overwritePage();
    openLarge().close();
  });

  it('is read to its end where its server was killed, or it is too short', async () => {
    await leftBehind();
    await overwritePage();
    assert.throws(openLarge, { name: 'JobStoreError', message: /damaged/ });
    await truncate(path, (await stat(path)).size / 2);
    await truncate(`${path}-wal`);
    assert.throws(openLarge, { name: 'JobStoreError', message: /damaged/ });
  });
});

describe('a folder that cannot be written', () => {
  it('is named, where there is no file yet', () => {
    const file = join(folder.path, 'none', 'jobs.sqlite');
    assert.throws(() => open(file), {
      name: 'JobStoreError',
      message: /none.*cannot be opened for writing \(ENOENT\).*DATA_DIR/,
    });
  });

  const isRoot = process.getuid?.() === 0;
  it('is named, where the file and its folder are read-only', {
    skip: process.platform === 'win32',
  }, async (test) => {
    await leftBehind();
    for (const name of await readdir(folder.path)) await chmod(join(folder.path, name), 0o444);
    await chmod(folder.path, 0o555);
    const before = await readFile(path);
    // Root may write everywhere, so somebody else has to try.
    const { stderr, error } = spawnSync(process.execPath, [holder, path], {
      encoding: 'utf8',
      ...(isRoot && { uid: 65_534, gid: 65_534 }),
    });
    await chmod(folder.path, 0o755);
    // A Node that lies in somebody's own folder is not for others to run.
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'EACCES')
      return test.skip('nobody else may run this Node');
    assert.match(stderr, /JobStoreError: .*jobs\.sqlite.* cannot be opened for writing/);
    assert.deepEqual(await readFile(path), before);
  });
});

describe('the server that has the file', () => {
  it('is named to a second one, and lets it in when it was killed', async () => {
    const child = fork(holder, [path]);
    try {
      await once(child, 'message');
      const named = new RegExp(`in use by another whosaid \\(process ${child.pid} on `);
      assert.throws(open, { name: 'JobStoreError', message: named });
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    open().close();
  });

  it('lets the next one in when it has closed it', () => {
    const jobs = open();
    assert.throws(open, {
      name: 'JobStoreError',
      message: new RegExp(`process ${process.pid} on`),
    });
    jobs.close();
    open().close();
  });

  it('does not keep the file when it could not be opened', async () => {
    await writeFile(path, 'damaged');
    assert.throws(open, { name: 'JobStoreError' });
    await writeFile(path, '');
    open().close();
  });
});

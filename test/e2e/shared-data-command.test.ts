import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '#config/root.js';
import { hashKey, keyId } from '#src/access/key-ring.js';
import { testFolder } from '../support/paths.js';
import { conversation, openSharedJobs, WITHOUT_SPEAKERS } from '../support/shared-jobs.js';
import { type RunResult, run } from './support/run.js';

const KEY = 'sk-a-key-of-somebody-else';
const OWNER = `key:${keyId(hashKey(KEY))}`;

describe('the data of jobs that many machines share', async () => {
  const shared = await openSharedJobs();
  const skip =
    shared === undefined && 'redis-server is not installed (apt-get install redis-server)';
  const folder = await testFolder();
  after(async () => {
    await shared?.close();
    await folder.remove();
  });
  const data = (...args: string[]): Promise<RunResult> =>
    run({
      command: process.execPath,
      args: [join(projectRoot, 'bin/whosaid'), 'data', ...args],
      cwd: folder.path,
      env: { ...shared?.env, DATA_DIR: folder.path },
    });
  const recording = conversation(1);
  const filesOf = (id: string): string[] => {
    const blobs = fileURLToPath(shared?.env.BLOB_URL ?? '');
    return (readdirSync(blobs, { recursive: true }) as string[]).filter((name) =>
      name.includes(id),
    );
  };
  /** Whether any file of Redis holds this text. */
  const isInRedis = (text: string): boolean => {
    const root = shared?.redis.folder ?? '';
    return (readdirSync(root, { recursive: true }) as string[])
      .map((name) => join(root, name))
      .some((path) => statSync(path).isFile() && readFileSync(path).includes(text));
  };

  it('is purged of all that a key has, for all machines, in the files of Redis, too', {
    skip,
  }, async () => {
    assert.ok(shared);
    const mine = await shared.create(recording, WITHOUT_SPEAKERS, OWNER);
    const done = await shared.create(recording, WITHOUT_SPEAKERS, OWNER);
    const other = await shared.create(recording, WITHOUT_SPEAKERS);
    await shared.jobs.cancel(done);
    const dry = await data('purge', '--key', KEY, '--dry-run');
    assert.match(dry.stdout, new RegExp(`^${mine.id} {2}pending\n${done.id} {2}cancelled\n2 jobs`));
    assert.ok(filesOf(mine.id).length > 0);
    assert.ok(isInRedis(mine.id));
    const { code, stdout, stderr } = await data('purge', '--key', KEY, '--yes');
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Deleted: 2 jobs \(1 not ended\) and the result cache/);
    for (const { id } of [mine, done]) {
      assert.equal(await shared.jobs.get({ id, owner: OWNER }), undefined);
      assert.deepEqual(filesOf(id), []);
    }
    // The queue notes for a while which ids there were: nothing else is left.
    assert.ok(!isInRedis(OWNER));
    assert.equal((await shared.jobs.get(other))?.status, 'pending');
    assert.ok(filesOf(other.id).length > 0);
  });

  it('is purged of one job, and of what ended before a day', { skip }, async () => {
    assert.ok(shared);
    const one = await shared.create(recording, WITHOUT_SPEAKERS);
    const ended = await shared.create(recording, WITHOUT_SPEAKERS);
    await shared.jobs.cancel(ended);
    assert.match((await data('purge', '--job', one.id, '--yes')).stdout, /^Deleted: 1 job/);
    assert.equal(await shared.jobs.get(one), undefined);
    const old = await data('purge', '--ended-before', '9999-01-01', '--yes');
    assert.match(old.stdout, /^Deleted: 1 job and/);
    assert.equal(await shared.jobs.get(ended), undefined);
    const none = await data('purge', '--job', randomUUID(), '--yes');
    assert.deepEqual([none.code, /There is no job/.test(none.stderr)], [1, true]);
  });

  it('says what to copy instead of a backup, and that Redis is away', { skip }, async () => {
    assert.ok(shared);
    const backup = await data('backup', 'copy.sqlite');
    assert.equal(backup.code, 1);
    assert.match(backup.stderr, /Copy both.*Redis first/);
    await shared.redis.stop();
    const away = await data('purge', '--cache', '--yes');
    assert.equal(away.code, 1);
    assert.match(away.stderr, /Redis of QUEUE_URL cannot be reached\. Nothing was deleted/);
    await shared.redis.start();
  });
});

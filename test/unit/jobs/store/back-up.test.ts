import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { it } from 'node:test';
import Database from 'libsql';
import { backUp } from '#services/jobs/store/back-up.js';
import { openJobDatabase } from '#services/jobs/store/job-database.js';
import { MIGRATIONS } from '#services/jobs/store/migrations.js';
import { silentLogger } from '#utils/logging/logger.js';
import { sampleChunk, sampleTranscript } from './samples.js';
import { insert, withDatabase } from './support.js';

it('a copy that was made while the server works holds all jobs, and can take the place of the file', () =>
  withDatabase(async (jobs, path) => {
    const [done, working] = [insert(jobs), insert(jobs, { bytes: 77 })];
    const transcript = sampleTranscript();
    jobs.settle(done.id, { from: ['pending'], to: 'completed', at: 1, transcript });
    jobs.begin(working.id, 1);
    jobs.putChunk(working.id, sampleChunk());
    const copy = `${path.replace('.sqlite', '')} 'copy'.sqlite`;
    const contents = await backUp(path, copy);
    const open = [{ id: working.id, bytes: 77 }];
    assert.deepEqual(contents, { jobs: 2, transcripts: 1, open });
    if (process.platform !== 'win32') assert.equal((await stat(copy)).mode & 0o077, 0);
    insert(jobs);
    const restored = openJobDatabase({ path: copy, logger: silentLogger });
    assert.deepEqual(restored.ids().sort(), [done.id, working.id].sort());
    assert.deepEqual(restored.transcript(done.id), transcript);
    assert.deepEqual([...restored.chunks(working.id)], [sampleChunk()]);
    restored.close();
  }));

it('a file that is there already is not overwritten', () =>
  withDatabase(async (jobs, path) => {
    const copy = `${path}.copy`;
    await writeFile(copy, 'mine');
    await assert.rejects(jobs.backup(copy), { code: 'EEXIST' });
    assert.equal(await readFile(copy, 'utf8'), 'mine');
  }));

it('an older file is copied as it is, and stays as it is', () =>
  withDatabase(async (_jobs, path) => {
    const old = `${path}.old`;
    const sql = new Database(old);
    sql.exec(`${MIGRATIONS[0]}; PRAGMA user_version = 1;`);
    sql.close();
    const before = await readFile(old);
    await backUp(old, `${old}.copy`);
    assert.deepEqual(await readFile(old), before);
    const copy = new Database(`${old}.copy`);
    const { user_version } = copy.prepare('PRAGMA user_version').get() as { user_version: number };
    copy.close();
    assert.equal(user_version, 1);
  }));

it('a damaged file gives no copy', () =>
  withDatabase(async (_jobs, path) => {
    await writeFile(`${path}.bad`, 'damaged');
    await assert.rejects(backUp(`${path}.bad`, `${path}.copy`), { name: 'JobStoreError' });
    await assert.rejects(stat(`${path}.copy`), { code: 'ENOENT' });
    await assert.rejects(backUp(`${path}.none`, `${path}.copy`), /There are no jobs/);
  }));

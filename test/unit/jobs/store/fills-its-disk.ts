import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJobDatabase } from '#services/jobs/store/job-database.js';
import { silentLogger } from '#utils/logging/logger.js';
import { insert } from './support.js';

/**
 * A server whose disk is full for a while. Its argument is where a small disk is mounted; exits with 1 if a job was lost.
 * A process of its own, because the driver lets go of closed files only when it is garbage-collected.
 */
const disk = process.argv[2] ?? '';
const path = join(disk, 'jobs.sqlite');
const filler = join(disk, 'of-another-program');

const jobs = openJobDatabase({ path, logger: silentLogger });
const accepted = [insert(jobs).id];
assert.throws(() => writeFileSync(filler, Buffer.alloc(64 * 2 ** 20)), { code: 'ENOSPC' });
assert.throws(
  () => {
    for (;;) accepted.push(insert(jobs, { fileName: 'x'.repeat(50_000) }).id);
  },
  { code: 'SQLITE_FULL' },
);
assert.deepEqual(jobs.ids().sort(), accepted.toSorted());
rmSync(filler);
accepted.push(insert(jobs).id);
jobs.close();

const again = openJobDatabase({ path, logger: silentLogger });
assert.deepEqual(again.ids().sort(), accepted.toSorted());
again.close();

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { it } from 'node:test';
import { createParts } from '#services/jobs/store/job-database.js';
import { openAsServer } from '#services/jobs/store/open-file.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../../../support/paths.js';

type Plan = { readonly text: string; readonly steps: readonly string[] };

/** Each reads one row, or all of a small table. */
const SCANS = [
  'FROM cache ORDER BY used',
  'sum(bytes), 0) AS bytes FROM cache',
  'FROM jobs INDEXED BY',
];

it('no statement sorts, and none reads through all jobs but the one that wants their ids', async () => {
  const found = await plans();
  assert.ok(found.length > 20);
  for (const { text, steps } of found)
    for (const step of steps) {
      assert.doesNotMatch(step, /TEMP B-TREE/, text);
      if (!step.startsWith('SCAN') || SCANS.some((part) => text.includes(part))) continue;
      assert.match(step, /^SCAN jobs USING COVERING INDEX/, text);
      assert.equal(text, 'SELECT id FROM jobs');
    }
});

it('a page of jobs is read from its place in the order, with and without a batch', async () => {
  const pages = (await plans()).filter(({ text }) => text.includes('instr(:statuses'));
  const steps = pages.flatMap((page) => page.steps);
  const ofOwner =
    'SEARCH jobs USING INDEX jobs_of_owner (owner=? AND created_at>? AND created_at<?)';
  const ofBatch =
    'SEARCH jobs USING INDEX jobs_of_batch (owner=? AND batch_id=? AND created_at>? AND created_at<?)';
  assert.deepEqual(steps, [ofOwner, ofOwner, ofBatch, ofBatch]);
});

it('jobs that wait are counted in an index of open jobs alone', async () => {
  const open = (await plans()).filter(({ text }) => text.includes('INDEXED BY jobs_open'));
  assert.equal(open.length, 6);
  // These read the jobs themselves: all open ones at a start, and one.
  const whole = ['owner', 'created_at AS at'];
  const counts = open.filter(({ text }) => !whole.some((part) => text.includes(part)));
  for (const { text, steps } of counts)
    for (const step of steps) assert.match(step, /COVERING INDEX jobs_open/, text);
});

/** Every statement that is prepared, with the steps that the database takes. */
async function plans(): Promise<Plan[]> {
  const folder = await testFolder();
  const path = join(folder.path, 'jobs.sqlite');
  const { sql, close } = openAsServer({ path, logger: silentLogger });
  const texts: string[] = [];
  const prepare = (text: string) => {
    texts.push(text);
    return sql.prepare(text);
  };
  try {
    createParts(
      new Proxy(sql, {
        get: (target, key) => (key === 'prepare' ? prepare : Reflect.get(target, key)),
      }),
    );
    return texts.map((text) => {
      const steps = sql.prepare(`EXPLAIN QUERY PLAN ${text}`).all() as { detail: string }[];
      return { text, steps: steps.map(({ detail }) => detail) };
    });
  } finally {
    close();
    await folder.remove();
  }
}

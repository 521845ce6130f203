import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { it, type TestContext } from 'node:test';
import { shortClip, wholeClip } from '../support/clips.js';
import { startGatewayProcess } from '../support/gateway-process.js';
import { formOf, jobClient } from '../support/job-client.js';
import { mountSmallDisk, noSmallDisk } from '../support/small-disk.js';
import { until } from '../support/start-server.js';

it('jobs whose disk is full for a while go on when it has room again, those in work and those that wait', {
  skip: noSmallDisk,
}, async (context: TestContext) => {
  const disk = await mountSmallDisk(12);
  if (disk === undefined) return context.skip('mounting is not allowed here');
  // A process of its own, because the driver lets go of closed files only when it is garbage-collected.
  const gateway = await startGatewayProcess({ DATA_DIR: disk.path, JOB_CONCURRENCY: '1' });
  const jobs = jobClient(gateway.url);
  const made = [await jobs.create(wholeClip())];
  for (let count = 0; count < 3; count++) made.push(await jobs.create(shortClip()));
  const filler = await disk.fill();
  const failures = () => gateway.output().split('could not be stored').length - 1;
  await until(() => failures() >= 2, 'no job has met the full disk');

  const refused = await jobs.post('', formOf({ file: [shortClip()] }));
  assert.equal(refused.status, 507);
  assert.match((await refused.json()).error.message, /DATA_DIR/);
  await rm(filler);
  for (const { id } of made) assert.equal((await jobs.ended(id)).status, 'completed');

  const open = await jobs.create(wholeClip());
  await disk.fill();
  gateway.signal('SIGTERM');
  const { code, stderr } = await gateway.ended;
  assert.equal(code, 0, stderr);
  assert.match(open.id, /-/);
  await gateway.close();
  await disk.remove();
});

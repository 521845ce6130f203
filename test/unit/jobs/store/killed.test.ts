import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type JobDatabase, openJobDatabase } from '#services/jobs/store/job-database.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../../../support/paths.js';
import { eventually } from '../../../support/processes.js';
import { sampleTranscript } from './samples.js';

const writer = fileURLToPath(new URL('./writes-without-end.js', import.meta.url));
const ROUNDS = 20;
/** Lines that the writer gets to say before its time runs: the first rounds hit the making of a new file. */
const LINES = [0, 0, 0, 0, 0, 1, 2, 3, 5, 8, 13];

it('after kill -9 at any moment, 20 times, all that was reported as done is there, and each job is whole', {
  timeout: 300_000,
}, async () => {
  const folder = await testFolder();
  try {
    const path = join(folder.path, 'jobs.sqlite');
    const done = new Map<string, string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      if (done.size === 0) await removeAll(folder.path);
      const said = await writeAndKill(path, round);
      for (const line of said) {
        const [what = '', id = ''] = line.split(' ');
        done.set(id, what);
      }
      const jobs = openJobDatabase({ path, logger: silentLogger });
      checkAll(jobs, done);
      jobs.close();
    }
    assert.ok(done.size > ROUNDS, 'the writer has written');
  } finally {
    await folder.remove();
  }
});

async function removeAll(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name));
}

/** Gives the lines that arrived whole. */
async function writeAndKill(path: string, round: number): Promise<string[]> {
  const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let text = '';
  const enough = new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (text.split('\n').length > (LINES[round] ?? 10)) resolve();
    });
  });
  const read = once(child.stdout, 'close');
  if (LINES[round] === 0) await eventually('the file is begun', () => existsSync(`${path}.lock`));
  else await Promise.race([enough, exit]);
  await pause(Math.random() * 20);
  child.kill('SIGKILL');
  const [, signal] = await exit;
  assert.equal(signal, 'SIGKILL');
  await read;
  return text.split('\n').slice(0, -1);
}

function checkAll(jobs: JobDatabase, done: ReadonlyMap<string, string>): void {
  const ids = new Set(jobs.ids());
  for (const [id, what] of done) {
    assert.ok(ids.has(id), `a job that was ${what} is there`);
    if (what === 'chunk') assert.ok([...jobs.chunks(id)].length === 1 || jobs.transcript(id));
    if (what === 'settled') assert.equal(jobs.find(id)?.status, 'completed');
  }
  const due = new Set(jobs.dueDeliveries(Date.now(), 1_000_000).map(({ id }) => id));
  for (const id of ids) checkWhole(jobs, id, due.has(id));
}

/** The parts of a final status are there together or not at all. */
function checkWhole(jobs: JobDatabase, id: string, isDue: boolean): void {
  const hasEnded = jobs.find(id)?.status === 'completed';
  const news = jobs.events(id, { after: 0, limit: 10 }).map((event) => event.news);
  const last = news.findLast(({ type }) => type === 'status');
  assert.equal(last?.type === 'status' && last.status, jobs.find(id)?.status);
  assert.deepEqual(jobs.transcript(id), hasEnded ? sampleTranscript(id) : undefined);
  assert.equal(jobs.find(id)?.endedAt !== undefined, hasEnded);
  assert.equal(isDue, hasEnded);
  if (hasEnded) assert.deepEqual([...jobs.chunks(id)], []);
}

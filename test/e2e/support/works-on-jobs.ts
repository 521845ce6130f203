import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJobDatabase } from '#services/jobs/store/job-database.js';
import { jobPaths } from '#services/jobs/store/job-paths.js';
import { silentLogger } from '#utils/logging/logger.js';
import { sampleChunk, sampleTranscript } from '../../unit/jobs/store/samples.js';
import { newJob } from '../../unit/jobs/store/support.js';

/**
 * A server as far as its jobs are concerned. Arguments: DATA_DIR, and `id=owner=status` of the jobs that it makes; what
 * they say is their owner. It tells more and more of those that it works on, and says on stdout when all are made and
 * when one is gone.
 */
const [dataDir = '', ...wanted] = process.argv.slice(2);
const { database, recordings } = jobPaths(dataDir);
const jobs = openJobDatabase({ path: database, logger: silentLogger });
const working: { id: string; owner: string }[] = [];

for (const each of wanted) {
  const [id = '', owner = '', status] = each.split('=');
  const folder = join(recordings, id);
  jobs.insert({
    ...newJob({ owner, folder, fileName: `${owner}.mp3` }),
    id,
    createdAt: Date.now(),
  });
  const at = Date.now();
  jobs.begin(id, at);
  if (status === 'completed') {
    const transcript = sampleTranscript(owner);
    jobs.settle(id, { from: ['processing'], to: 'completed', at, transcript });
    continue;
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'recording'), owner);
  working.push({ id, owner });
}
process.stdout.write('made\n');

setInterval(() => {
  for (const job of [...working]) {
    const { id, owner } = job;
    jobs.tell(id, [{ type: 'segment', id: 0, start: 0, end: 1, text: owner }], Date.now());
    jobs.putChunk(id, sampleChunk());
    if (jobs.find(id) !== undefined) continue;
    const transcript = sampleTranscript(owner);
    const at = Date.now();
    const isSettled = jobs.settle(id, { from: ['processing'], to: 'completed', at, transcript });
    process.stdout.write(`gone ${id} ${isSettled}\n`);
    working.splice(working.indexOf(job), 1);
  }
}, 20);

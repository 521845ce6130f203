import { randomUUID } from 'node:crypto';
import { openJobDatabase } from '#services/jobs/store/job-database.js';
import { silentLogger } from '#utils/logging/logger.js';
import { sampleChunk, sampleTranscript } from './samples.js';
import { newJob } from './support.js';

/**
 * Makes jobs, works on them and ends them, one after another, and says what it has done as soon as it is done. Its
 * argument is the file.
 */
const jobs = openJobDatabase({ path: process.argv[2] ?? '', logger: silentLogger });

const say = (what: string, id: string): Promise<void> =>
  new Promise((resolve) => process.stdout.write(`${what} ${id}\n`, () => resolve()));

for (;;) {
  const id = randomUUID();
  jobs.insert({ ...newJob({ webhookUrl: 'https://example.org' }), id, createdAt: Date.now() });
  await say('inserted', id);
  jobs.begin(id, Date.now());
  jobs.tell(id, [{ type: 'progress', audioSeconds: 1 }], Date.now());
  jobs.putChunk(id, sampleChunk());
  await say('chunk', id);
  const transcript = sampleTranscript(id);
  jobs.settle(id, { from: ['processing'], to: 'completed', at: Date.now(), transcript });
  await say('settled', id);
}

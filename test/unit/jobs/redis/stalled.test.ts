import assert from 'node:assert/strict';
import { after, it } from 'node:test';
import { Worker } from 'bullmq';
import { connect } from '#services/jobs/redis/connect.js';
import { JobState } from '#services/jobs/redis/job-state.js';
import { JobWorker, type JobWorkerOptions } from '#services/jobs/redis/job-worker.js';
import { CHUNK_QUEUE, JobQueues } from '#services/jobs/redis/queues.js';
import type { WorkEvent } from '#services/jobs/work-event.js';
import { eventually } from '../../../support/processes.js';
import { startRedis } from '../../../support/redis-server.js';

const redis = await startRedis();
after(() => redis?.close());
const skip = redis === undefined && 'redis-server is not installed (apt-get install redis-server)';

it('a chunk whose machine is lost is counted as begun anew by the one that finds it', {
  skip,
}, async () => {
  const url = redis?.url ?? '';
  const connection = connect({ url, kind: 'working' });
  const state = new JobState({ client: connection, prefix: '{stalled}' });
  const { keys } = state;
  const queues = new JobQueues({ connection, keys });
  const events: WorkEvent[] = [];
  const worker = new JobWorker({
    connection: connect({ url, kind: 'working' }),
    concurrency: 1,
    // Nothing is stored of the job: whoever gets the chunk lets go of it at once.
    deps: {
      state,
      onWork: (event) => events.push(event),
    } as Partial<JobWorkerOptions['deps']> as JobWorkerOptions['deps'],
    timings: { lockMs: 1000, stalledEveryMs: 100 },
    onEnded: async () => {},
  });
  const place = { index: 0, start: 0, end: 30, ownUntil: 26 };
  await queues.addJob('a', 0);
  await queues.addChunk({ id: 'a', place, turn: 0 }, '0-0');
  assert.equal(await queues.waitingChunks(), 1);
  const lostConnection = connect({ url, kind: 'working' });
  const lost = new Worker(CHUNK_QUEUE, null, {
    connection: lostConnection,
    prefix: keys.queues,
    lockDuration: 100,
  });
  assert.ok(await lost.getNextJob('a token'), 'somebody takes it, and is never heard of again');
  assert.equal(await queues.waitingChunks(), 0);
  worker.start();
  await eventually('it is found', () => events.length > 0, 30_000);
  assert.deepEqual(events, [{ type: 'retried', reason: 'stalled' }]);
  await lost.close();
  await worker.close(new Error('the test is over'));
  await queues.close();
  for (const each of [connection, lostConnection]) each.disconnect();
});

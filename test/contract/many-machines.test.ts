import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { loadSettings } from '#config/settings.js';
import { openBlobs } from '#services/blobs/open-blobs.js';
import { RedisJobs } from '#services/jobs/redis/redis-jobs.js';
import { createTempStore } from '#services/temp/temp-store.js';
import { createRuntime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import { startRedis } from '../support/redis-server.js';
import {
  CONTRACT_CHUNKS,
  describeJobs,
  type OpenedJobs,
  type OpenJobsForTest,
} from './jobs-contract.js';

const redis = await startRedis();

const open: OpenJobsForTest = async (options): Promise<OpenedJobs> => {
  const { folder, maxJobs = 1000, concurrency = 2 } = options;
  const logger = silentLogger;
  const runtime = createRuntime({
    settings: loadSettings({ ASR_HOSTS: '1', SPEAKER_HOSTS: '1' }),
    logger,
  });
  const { manager, decoder } = runtime;
  const blobs = join(folder, 'blobs');
  const temp = createTempStore({ root: join(folder, 'temp'), logger });
  const jobs = new RedisJobs({
    url: redis?.url ?? '',
    prefix: `{${basename(folder)}}`,
    blobs: await openBlobs(pathToFileURL(blobs).href),
    decoder,
    speech: (model) => manager.speech(model),
    speakers: () => manager.speakers(),
    ...CONTRACT_CHUNKS,
    temp,
    concurrency,
    retentionHours: 1,
    maxJobs,
    maxBytes: 1e9,
    logger,
  });
  await jobs.start();
  const close = async (): Promise<void> => {
    await jobs.close();
    await Promise.all([runtime.dispose(), temp.dispose()]);
  };
  return {
    jobs,
    runtime,
    async leftovers() {
      const files = await readdir(blobs, { recursive: true, withFileTypes: true }).catch(() => []);
      return files.flatMap((file) =>
        file.isFile() && file.name !== 'transcript' ? file.name : [],
      );
    },
    close,
    async reopen() {
      await close();
      return open(options);
    },
  };
};

after(() => redis?.close());
if (redis) describeJobs('shared by many machines', open);
else
  describe('jobs, shared by many machines', () => {
    it('are tried', { skip: 'redis-server is not installed (apt-get install redis-server)' });
  });

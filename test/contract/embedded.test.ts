import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSettings } from '#config/settings.js';
import { EmbeddedJobs } from '#services/jobs/embedded/embedded-jobs.js';
import { openJobDatabase } from '#services/jobs/store/job-database.js';
import { transcribe } from '#services/transcription/pipeline.js';
import { createRuntime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import {
  CONTRACT_CHUNKS,
  describeJobs,
  type OpenedJobs,
  type OpenJobsForTest,
} from './jobs-contract.js';

const open: OpenJobsForTest = async (options): Promise<OpenedJobs> => {
  const { folder, maxJobs = 1000, concurrency = 2 } = options;
  const logger = silentLogger;
  const runtime = createRuntime({
    settings: loadSettings({ ASR_HOSTS: '1', SPEAKER_HOSTS: '1' }),
    logger,
  });
  const { manager, decoder } = runtime;
  const jobsFolder = join(folder, 'jobs');
  await mkdir(jobsFolder, { recursive: true });
  const jobs = new EmbeddedJobs({
    database: openJobDatabase({ path: join(folder, 'jobs.sqlite'), logger }),
    folder: jobsFolder,
    transcribe: (request, { model }) =>
      transcribe(request, {
        decoder,
        speech: manager.speech(model),
        speakers: manager.speakers(),
        ...CONTRACT_CHUNKS,
      }),
    concurrency,
    retentionHours: 1,
    maxJobs,
    maxBytes: 1e9,
    logger,
  });
  await jobs.start();
  const close = async (): Promise<void> => {
    await jobs.close();
    await runtime.dispose();
  };
  return {
    jobs,
    runtime,
    leftovers: () => readdir(jobsFolder),
    close,
    async reopen() {
      await close();
      return open(options);
    },
  };
};

describeJobs('kept by one machine', open);

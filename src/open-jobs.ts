import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectVersion } from '#config/root.js';
import { type Settings, SettingsError } from '#config/settings.js';
import { EmbeddedJobs } from '#services/jobs/embedded/embedded-jobs.js';
import type { TranscribeJob } from '#services/jobs/embedded/run-job.js';
import { type JobDatabase, openJobDatabase } from '#services/jobs/store/job-database.js';
import { toldDatabase } from '#services/jobs/store/told-database.js';
import type { Jobs } from '#services/jobs/types.js';
import { createTempStore, type TempStore } from '#services/temp/temp-store.js';
import { transcribe } from '#services/transcription/pipeline.js';
import {
  type TranscriptCache,
  transcribeCached,
} from '#services/transcription/transcribe-cached.js';
import { createWebhookDispatcher } from '#services/webhooks/dispatcher.js';
import { webhookSecret } from '#services/webhooks/secret.js';
import type { Logger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import { measured } from './metrics/measured.js';
import type { JobMetrics } from './metrics/metrics.js';
import type { Runtime } from './runtime.js';

/** Jobs, and where the recordings of new ones are received. */
export type OpenJobs = {
  readonly jobs: Jobs;
  readonly jobUploads: TempStore;
  /** Absent where RESULT_CACHE_BYTES is 0. */
  readonly cache?: TranscriptCache;
};

/**
 * Opens what is kept of jobs in DATA_DIR, or in what many machines share (QUEUE_URL); nothing is worked on before
 * `jobs.start()`.
 * @throws SettingsError when the folder cannot be used or settings do not fit each other, JobStoreError or
 * WebhookSecretError when a file in it cannot
 */
export async function openJobs(
  settings: Settings,
  parts: {
    readonly runtime: Pick<Runtime, 'manager' | 'decoder'>;
    readonly metrics: JobMetrics;
    /** Holds what is worked on here. */
    readonly temp: Pick<TempStore, 'folder'>;
    readonly logger: Logger;
  },
): Promise<OpenJobs> {
  const { logger } = parts;
  const { dataDir, queueUrl: url } = settings;
  await makeDataDir(dataDir);
  const secret = await webhookSecret({ configured: settings.webhookSecret, dataDir });
  // On the same disk, so that a recording becomes its job's without being copied; or on its way to where all see it.
  const root = url === null ? join(dataDir, 'uploads') : settings.tempDir;
  const jobUploads = createTempStore({ root, maxBytes: settings.maxJobBytes, logger });
  if (url !== null) {
    // Loaded only where it is used.
    const { openSharedJobs } = await import('./open-shared-jobs.js');
    const jobs = await openSharedJobs(settings, { ...parts, url, webhookSecret: secret });
    const { results: cache } = jobs;
    return { jobs, jobUploads, ...(cache && { cache }) };
  }
  checkWorks(settings);
  const { workEvent, webhookAttempt } = parts.metrics;
  const opened = openJobDatabase({ path: join(dataDir, 'jobs.sqlite'), logger });
  const database = toldDatabase(opened, workEvent);
  const webhooks = createWebhookDispatcher({
    source: { ...database, jobFor: (id) => database.find(id) },
    secret,
    allowPrivate: settings.allowPrivateAddresses,
    operatorUrl: settings.webhookUrl,
    logger,
    onAttempt: webhookAttempt,
  });
  const cache = cacheIn(database, settings.resultCacheBytes);
  const jobs = new EmbeddedJobs({
    database,
    webhooks,
    folder: join(dataDir, 'jobs'),
    transcribe: jobPipeline(settings, { ...parts, database, cache }),
    concurrency: settings.jobConcurrency,
    retentionHours: settings.jobRetentionHours,
    maxJobs: settings.maxJobs,
    maxBytes: settings.maxJobBytes,
    logger,
    onWork: workEvent,
  });
  return { jobs, jobUploads, ...(cache && { cache }) };
}

function checkWorks({ jobConcurrency }: Settings): void {
  if (jobConcurrency > 0) return;
  throw new SettingsError([
    'JOB_CONCURRENCY is "0"; expected at least 1 where QUEUE_URL is not set: nobody else works on the jobs',
  ]);
}

async function makeDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const shown = JSON.stringify(dataDir);
    throw new SettingsError([
      `DATA_DIR is ${shown}; expected a folder that can be made and written (${code ?? message})`,
    ]);
  }
}

function cacheIn(database: JobDatabase, maxBytes: number): TranscriptCache | undefined {
  if (maxBytes === 0) return undefined;
  return {
    get: (key) => database.cached(key),
    put: (key, transcript) => database.cache(key, transcript, maxBytes),
  };
}

/** The one pipeline, as jobs use it. */
function jobPipeline(
  { chunkSeconds, chunkOverlapSeconds }: Settings,
  {
    runtime,
    metrics,
    database,
    cache,
  }: Parameters<typeof openJobs>[1] & {
    readonly database: Pick<JobDatabase, 'find'>;
    readonly cache: TranscriptCache | undefined;
  },
): TranscribeJob {
  const { manager, decoder } = runtime;
  return (request, { id, model, hasSpeakers, owner }) => {
    const deps = {
      decoder,
      speech: manager.speech(model),
      speakers: manager.speakers(),
      enhancer: (id: string) => manager.enhancer(id),
      chunkSeconds,
      chunkOverlapSeconds,
    };
    // What was purged while it was worked on must not come back.
    const put = (key: string, transcript: Transcript) => {
      if (database.find(id) !== undefined) cache?.put(key, transcript);
    };
    const work = cache
      ? transcribeCached(request, deps, {
          cache: { ...cache, put },
          owner,
          model,
          version: projectVersion,
        })
      : transcribe(request, deps);
    return measured(work, { metrics, model, speakers: hasSpeakers });
  };
}

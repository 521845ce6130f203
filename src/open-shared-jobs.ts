import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectVersion } from '#config/root.js';
import { aboutSetting, type Settings, SettingsError } from '#config/settings.js';
import { openBlobs } from '#services/blobs/open-blobs.js';
import type { Blobs } from '#services/blobs/types.js';
import { RedisJobs } from '#services/jobs/redis/redis-jobs.js';
import type { WorkDeps } from '#services/jobs/redis/work-deps.js';
import type { TempStore } from '#services/temp/temp-store.js';
import { createWebhookDispatcher } from '#services/webhooks/dispatcher.js';
import type { Logger } from '#utils/logging/logger.js';
import type { JobMetrics } from './metrics/metrics.js';
import type { Runtime } from './runtime.js';

export type SharedJobsParts = {
  readonly runtime: Pick<Runtime, 'manager' | 'decoder'>;
  readonly metrics: JobMetrics;
  /** Holds what is worked on here. */
  readonly temp: Pick<TempStore, 'folder'>;
  readonly logger: Logger;
};

/**
 * Jobs that several gateways and workers share (QUEUE_URL); nothing is connected or worked on before `jobs.start()`.
 * @throws SettingsError when BLOB_URL cannot be used
 */
export async function openSharedJobs(
  settings: Settings,
  parts: SharedJobsParts & { readonly url: string; readonly webhookSecret: string },
): Promise<RedisJobs> {
  const { url, webhookSecret, logger } = parts;
  // They and the jobs know each other.
  const webhooks = createWebhookDispatcher({
    source: {
      dueDeliveries: (now, limit) => jobs.dueDeliveries(now, limit),
      recordDelivery: (id, delivery, next) => jobs.recordDelivery(id, delivery, next),
      nextDeliveryAt: () => jobs.nextDeliveryAt(),
      jobFor: (id) => jobs.jobFor(id),
    },
    secret: webhookSecret,
    allowPrivate: settings.allowPrivateAddresses,
    operatorUrl: settings.webhookUrl,
    logger,
    onAttempt: parts.metrics.webhookAttempt,
  });
  const jobs: RedisJobs = new RedisJobs({
    ...workDeps(settings, parts),
    url,
    blobs: await openSharedFiles(settings),
    webhooks,
    concurrency: settings.jobConcurrency,
    retentionHours: settings.jobRetentionHours,
    maxJobs: settings.maxJobs,
    maxBytes: settings.maxJobBytes,
  });
  return jobs;
}

/** What works on chunks here, in a gateway or in a worker. */
export function workDeps(
  { chunkSeconds, chunkOverlapSeconds, resultCacheBytes: maxBytes }: Settings,
  { runtime, metrics, temp, logger }: SharedJobsParts,
): WorkDeps {
  const { manager, decoder } = runtime;
  return {
    decoder,
    speech: (model) => manager.speech(model),
    speakers: () => manager.speakers(),
    enhancer: (model) => manager.enhancer(model),
    chunkSeconds,
    chunkOverlapSeconds,
    temp,
    logger,
    ...(maxBytes > 0 && { keepResults: { maxBytes, version: projectVersion } }),
    onChunk: (chunk) => {
      metrics.audioWorked(chunk.audioSeconds);
      metrics.partTranscribed(chunk);
      metrics.workEvent({ type: 'chunk' });
    },
    onWork: metrics.workEvent,
  };
}

/** Where gateways and workers leave audio for each other. Throws SettingsError. */
export async function openSharedFiles({ blobUrl, dataDir }: Settings): Promise<Blobs> {
  const own = join(dataDir, 'blobs');
  try {
    if (blobUrl !== null) return await openBlobs(blobUrl);
    await mkdir(own, { recursive: true, mode: 0o700 });
    return await openBlobs(pathToFileURL(own).href);
  } catch (error) {
    const { expected } = aboutSetting('BLOB_URL');
    const reason = error instanceof Error ? error.message : String(error);
    throw new SettingsError([
      `BLOB_URL is ${JSON.stringify(blobUrl ?? own)}; expected ${expected}, but ${reason}`,
    ]);
  }
}

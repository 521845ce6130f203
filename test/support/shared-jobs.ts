import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadSettings } from '#config/settings.js';
import { encodeWav } from '#services/audio/wav.js';
import { openBlobs } from '#services/blobs/open-blobs.js';
import { RedisJobs } from '#services/jobs/redis/redis-jobs.js';
import { isFinal, type Job, type JobRef, type JobWork } from '#services/jobs/types.js';
import { createTempStore } from '#services/temp/temp-store.js';
import { transcribe } from '#services/transcription/pipeline.js';
import { createRuntime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import { joinSamples } from '#utils/signal/pcm.js';
import type { Transcript } from '#utils/transcript/types.js';
import { fixturePcm } from './fixture-pcm.js';
import { testFolder } from './paths.js';
import { eventually } from './processes.js';
import { startRedis, type TestRedis } from './redis-server.js';

const SAMPLE_RATE = 16_000;
const PATIENCE_MS = 300_000;
const MODEL = 'moonshine-base-en';
const CHUNKS = { chunkSeconds: 30, chunkOverlapSeconds: 4 };
/** So much of a chunk is its own, about. */
const OWN_SECONDS = 26;
export const WITH_SPEAKERS: JobWork = { model: MODEL, recognition: {}, speakers: {} };
export const WITHOUT_SPEAKERS: JobWork = { model: MODEL, recognition: {} };

/** A gateway's side of jobs that others work on, with a Redis and a folder of its own. */
export type SharedJobs = {
  readonly jobs: RedisJobs;
  readonly redis: TestRedis;
  /** For workers that are to work on these jobs. */
  readonly env: Readonly<Record<string, string>>;
  /** @param owner Default: `anyone`. */
  create(recording: Buffer, work: JobWork, owner?: string): Promise<JobRef>;
  untilFinal(ref: JobRef): Promise<Job>;
  /** What one machine makes of the same recording. */
  undisturbed(recording: Buffer): Promise<Transcript>;
  close(): Promise<void>;
};

/** Undefined where redis-server is not installed. `blobUrl` is a folder of its own by default. */
export async function openSharedJobs(
  options: { readonly blobUrl?: string } = {},
): Promise<SharedJobs | undefined> {
  const redis = await startRedis({ keepsData: true });
  if (redis === undefined) return undefined;
  const folder = await testFolder();
  const blobUrl = options.blobUrl ?? pathToFileURL(join(folder.path, 'blobs')).href;
  const temp = createTempStore({ root: join(folder.path, 'temp'), logger: silentLogger });
  const jobs = new RedisJobs({
    url: redis.url,
    blobs: await openBlobs(blobUrl),
    decoder: unused(),
    speech: unused,
    speakers: unused,
    ...CHUNKS,
    temp,
    concurrency: 0,
    retentionHours: 0,
    maxJobs: 1000,
    maxBytes: 1e9,
    logger: silentLogger,
  });
  await jobs.start();
  let made = 0;
  return {
    jobs,
    redis,
    env: {
      QUEUE_URL: redis.url,
      BLOB_URL: blobUrl,
      MODEL,
      CHUNK_SECONDS: `${CHUNKS.chunkSeconds}`,
      CHUNK_OVERLAP_SECONDS: `${CHUNKS.chunkOverlapSeconds}`,
    },
    async create(recording, work, owner = 'anyone') {
      made += 1;
      const path = join(folder.path, `upload-${made}`);
      await mkdir(path);
      await writeFile(join(path, 'recording'), recording);
      const { job } = await jobs.create({
        owner,
        fileName: 'conversation.wav',
        folder: path,
        file: 'recording',
        bytes: recording.length,
        work,
        rendering: {
          format: 'json',
          granularities: [],
          logprobs: false,
          speakerDetail: false,
          languages: false,
        },
      });
      return { id: job.id, owner: job.owner };
    },
    async untilFinal(ref) {
      let job: Job | undefined;
      const hasEnded = async (): Promise<boolean> => {
        job = await jobs.get(ref).catch(() => undefined);
        return job !== undefined && isFinal(job.status);
      };
      await eventually('the job has ended', hasEnded, PATIENCE_MS);
      return job as Job;
    },
    undisturbed: (recording) => transcriptOf(recording, folder.path),
    async close() {
      await jobs.close();
      await redis.close();
      await temp.dispose();
      await folder.remove();
    },
  };
}

/** A conversation of so many chunks, about, as a WAV file. */
export function conversation(chunks: number): Buffer {
  const both = joinSamples([fixturePcm('two-speakers-clean'), fixturePcm('three-speakers-reverb')]);
  const samples = new Int16Array(chunks * OWN_SECONDS * SAMPLE_RATE);
  for (let at = 0; at < samples.length; at += both.length)
    samples.set(both.subarray(0, samples.length - at), at);
  return Buffer.from(encodeWav(samples));
}

async function transcriptOf(recording: Buffer, folder: string): Promise<Transcript> {
  const path = join(folder, 'undisturbed');
  await writeFile(path, recording);
  const settings = loadSettings({ ASR_HOSTS: '1', SPEAKER_HOSTS: '1', MODEL });
  const { manager, decoder, dispose } = createRuntime({ settings, logger: silentLogger });
  const deps = { decoder, speech: manager.speech(), speakers: manager.speakers(), ...CHUNKS };
  try {
    for await (const event of transcribe({ path, speakers: {} }, deps))
      if (event.type === 'done') return event.transcript;
    throw new Error('no transcript');
  } finally {
    await dispose();
  }
}

/** A gateway that leaves all work to others has none of this to use. */
function unused(): never {
  return undefined as never;
}

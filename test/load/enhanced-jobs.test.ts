import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { encodeWav } from '#services/audio/wav.js';
import type { JobWork } from '#services/jobs/types.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { TranscribeRequest } from '#services/transcription/types.js';
import { createRuntime } from '#src/runtime.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import { DENOISER_MODEL, modelsWithDenoiser } from '../support/denoiser-model.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { withNoise } from '../support/noisy.js';
import { testFolder } from '../support/paths.js';
import { openSharedJobs } from '../support/shared-jobs.js';
import { startWorkerProcess } from '../support/worker-process.js';

/** Two chunks of those that workers share here. */
const speech = fixturePcm('two-speakers-clean');
const noisy = Buffer.from(encodeWav(withNoise(speech, { decibels: 3 })));
const work: JobWork = {
  model: 'moonshine-base-en',
  recognition: {},
  speakers: {},
  enhance: { kind: 'denoise', model: DENOISER_MODEL, for: 'both' },
};

describe('a job that is enhanced, over many machines', async () => {
  const shared = await openSharedJobs();
  const models = await modelsWithDenoiser();
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    folder = await testFolder();
  });
  after(async () => {
    await shared?.close();
    await models?.remove();
    await folder.remove();
  });
  const skip = (!shared || !models) && 'redis-server or GTCRN is not on this machine';

  /** What one machine makes of it. */
  async function undisturbed(env: Readonly<Record<string, string>>): Promise<Transcript> {
    const path = join(folder.path, 'noisy.wav');
    await writeFile(path, noisy);
    const settings = loadSettings({ ...env, ASR_HOSTS: '1', SPEAKER_HOSTS: '1' });
    const { manager, decoder, dispose } = createRuntime({ settings, logger: silentLogger });
    const { chunkSeconds, chunkOverlapSeconds } = settings;
    const { enhance } = work as Required<JobWork>;
    const request: TranscribeRequest = { path, speakers: {}, enhance };
    const deps = {
      ...{ decoder, chunkSeconds, chunkOverlapSeconds },
      speech: manager.speech(),
      speakers: manager.speakers(),
      enhancer: (model: string) => manager.enhancer(model),
    };
    try {
      for await (const event of transcribe(request, deps))
        if (event.type === 'done') return event.transcript;
      throw new Error('no transcript');
    } finally {
      await dispose();
    }
  }

  it('has the transcript that one machine makes of it', { skip }, async () => {
    assert.ok(shared && models);
    const env = { ...shared.env, MODELS_DIR: models.path };
    const ref = await shared.create(noisy, work);
    const worker = await startWorkerProcess(env);
    try {
      const job = await shared.untilFinal(ref);
      assert.equal(job.status, 'completed', JSON.stringify(job.error));
      assert.deepEqual(await shared.jobs.transcript(ref), await undisturbed(env));
    } finally {
      await worker.close();
    }
  });
});

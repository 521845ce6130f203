import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { encodeWav } from '#services/audio/wav.js';
import type { EnhanceRequest } from '#services/enhance/types.js';
import type { ChunkResult } from '#services/transcription/chunk-result.js';
import { mergeChunks } from '#services/transcription/merge-chunks.js';
import { transcribe } from '#services/transcription/pipeline.js';
import { transcribeChunk } from '#services/transcription/transcribe-chunk.js';
import type { PipelineDeps, TranscribeRequest } from '#services/transcription/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import type { Transcript } from '#utils/transcript/types.js';
import { DENOISER_MODEL, denoiserDir, modelsWithDenoiser } from '../../support/denoiser-model.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { withNoise } from '../../support/noisy.js';
import { testFolder } from '../../support/paths.js';
import { isRunning } from '../../support/processes.js';

const skip = denoiserDir() === undefined && 'GTCRN is not on this machine';
const RATE = 16_000;
const noisy = withNoise(fixturePcm('two-speakers-clean').subarray(0, 26 * RATE), { decibels: 3 });
const denoise: EnhanceRequest = { kind: 'denoise', model: DENOISER_MODEL, for: 'asr' };

/** Of lengths that have nothing to do with those of the decoder. */
async function* blocksOf(samples: Int16Array): AsyncGenerator<Int16Array, void, void> {
  for (let at = 0; at < samples.length; at += 7000) yield samples.slice(at, at + 7000);
}

describe('a recording that is enhanced', { skip }, () => {
  let runtime: Runtime;
  let models: Awaited<ReturnType<typeof modelsWithDenoiser>>;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let path: string;

  before(async () => {
    models = await modelsWithDenoiser();
    folder = await testFolder();
    path = join(folder.path, 'noisy.wav');
    await writeFile(path, encodeWav(noisy));
    const settings = loadSettings({
      MODELS_DIR: models?.path ?? '',
      ASR_HOSTS: '1',
      SPEAKER_HOSTS: '1',
    });
    runtime = createRuntime({ settings, logger: silentLogger });
    await runtime.manager.start();
  });
  after(async () => {
    await runtime.dispose();
    await folder.remove();
    await models?.remove();
  });

  const enhanceHosts = () => runtime.manager.state().hosts.filter(({ role }) => role === 'enhance');
  const deps = (): PipelineDeps => ({
    decoder: runtime.decoder,
    speech: runtime.manager.speech(),
    speakers: runtime.manager.speakers(),
    enhancer: (model) => runtime.manager.enhancer(model),
    chunkSeconds: 12,
    chunkOverlapSeconds: 2,
  });

  async function run(
    request: Omit<TranscribeRequest, 'path'>,
    done?: readonly ChunkResult[],
  ): Promise<{ chunks: ChunkResult[]; transcript: Transcript }> {
    const chunks: ChunkResult[] = [];
    for await (const event of transcribe(
      { ...request, path, ...(done && { chunks: { done } }) },
      deps(),
    )) {
      if (event.type === 'chunk') chunks.push(event.chunk);
      if (event.type === 'done') return { chunks, transcript: event.transcript };
    }
    throw new Error('there is no transcript');
  }
  const textOf = ({ segments }: Transcript) => segments.map(({ text }) => text).join(' ');

  it('costs no process where nothing is asked for, and is heard otherwise where it is', async () => {
    const plain = await run({});
    assert.deepEqual(enhanceHosts(), []);
    const enhanced = await run({ enhance: denoise });
    assert.equal(enhanceHosts().length, 1);
    const [pool] = runtime.manager.state().pools.filter(({ role }) => role === 'enhance');
    assert.equal(pool?.model, DENOISER_MODEL);
    assert.ok(textOf(enhanced.transcript).length > 100);
    // What recognition hears is not what it was: its confidences tell.
    assert.notDeepEqual(enhanced.transcript.segments, plain.transcript.segments);
  });

  for (const hearers of ['asr', 'both'] as const)
    it(`gives the same transcript in one run, in two and chunk by chunk, enhanced for ${hearers}`, async () => {
      const enhance = { ...denoise, for: hearers };
      const request = { enhance, speakers: {} };
      const whole = await run(request, []);
      assert.ok(whole.chunks.length >= 2);
      const resumed = await run(request, whole.chunks.slice(0, 1));
      assert.deepEqual(resumed.transcript, whole.transcript);
      const { signal } = new AbortController();
      const results: ChunkResult[] = [];
      for (const { windows: _, tracks: __, ...place } of whole.chunks) {
        const blocks = blocksOf(noisy.subarray(place.start * RATE, place.end * RATE));
        const work = { place, blocks, hints: {}, hasSpeakers: true, enhance, signal };
        results.push(await transcribeChunk(work, deps()));
      }
      assert.deepEqual(results, whole.chunks);
      const { speakers } = deps();
      const merged = await mergeChunks(results, { request, known: [], speakers, signal });
      assert.deepEqual(merged, whole.transcript);
    });

  it('changes what those hear who tell speakers apart only where it is meant for both', async () => {
    const tracks = async (enhance?: EnhanceRequest) =>
      (await run({ speakers: {}, ...(enhance && { enhance }) }, [])).chunks.map(
        (chunk) => chunk.tracks,
      );
    const plain = await tracks();
    assert.deepEqual(await tracks(denoise), plain);
    assert.notDeepEqual(await tracks({ ...denoise, for: 'both' }), plain);
  });

  it('fails by name where the model is not installed or not known', async () => {
    const failure = (key: string) => (error: unknown) =>
      error instanceof WhosaidError && error.key === key;
    await assert.rejects(
      run({ enhance: { ...denoise, model: 'dpdfnet2' } }),
      failure('model_not_installed'),
    );
    await assert.rejects(
      run({ enhance: { ...denoise, model: 'nobody' } }),
      failure('model_unknown'),
    );
  });

  it('leaves no process behind', async () => {
    const pids = enhanceHosts().map(({ pid }) => pid as number);
    assert.equal(pids.length, 1);
    await runtime.dispose();
    assert.ok(pids.every((pid) => !isRunning(pid)));
  });
});

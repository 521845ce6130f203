import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cutRecording } from '#services/jobs/redis/cut-recording.js';
import { FlacEncoder } from '#services/jobs/redis/flac/flac-encoder.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import type { ScaleFigures } from './figures.js';

/**
 * Cuts a recording as a machine does before it hands chunks out, one chunk after another, with nothing else to do
 * meanwhile: decoding, finding pauses to cut in, writing FLAC. Queueing is not part of it.
 */
export async function measureCutting(
  pipeline: OpenPipeline,
  options: { path: string; folder: string; chunkSeconds: number; overlapSeconds: number },
): Promise<ScaleFigures['cut']> {
  const { path, folder, chunkSeconds, overlapSeconds } = options;
  const { settings, decoder, speech } = pipeline;
  const { signal } = new AbortController();
  const encoder = new FlacEncoder();
  const flac = join(folder, 'chunk.flac');
  const deps = { decoder, speech: () => speech, chunkSeconds, chunkOverlapSeconds: overlapSeconds };
  const cut = { path, model: settings.model, folder, signal, onClaim: () => {} };
  const startedAt = performance.now();
  let [chunks, flacBytes] = [0, 0];
  try {
    for await (const { pcm } of cutRecording(cut, deps)) {
      await encoder.write({ pcm, flac }, { signal });
      flacBytes += (await stat(flac)).size;
      chunks += 1;
    }
    return { seconds: (performance.now() - startedAt) / 1000, chunks, flacBytes };
  } finally {
    await encoder.dispose();
  }
}

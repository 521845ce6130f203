import { type OpenPipeline, openPipeline } from '../support/open-pipeline.js';
import type { FromLongRun, ToLongRun } from './long-run-protocol.js';

let pipeline: OpenPipeline | undefined;

process.on('message', (message: ToLongRun) => {
  answer(message).then(
    (reply) => process.send?.(reply),
    (error: unknown) =>
      process.send?.({ type: 'failed', message: (error as Error).message } satisfies FromLongRun),
  );
});
// The hosts must not outlive the bench.
process.on('disconnect', () => void pipeline?.close().finally(() => process.exit()));

async function answer(message: ToLongRun): Promise<FromLongRun> {
  if (message.type === 'load') {
    pipeline = await openPipeline({ speakerDiarization: 'always' });
    return { type: 'ready' };
  }
  if (pipeline === undefined) throw new Error('Nothing is loaded yet.');
  const startedAt = performance.now();
  const { turns = [] } = await pipeline.transcribe(message.path, { speakers: {} });
  return { type: 'transcribed', elapsedMs: performance.now() - startedAt, turns };
}

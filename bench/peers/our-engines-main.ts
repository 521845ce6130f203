import { diarizeOurs } from '../speakers/our-diarizer.js';
import { type OpenPipeline, openPipeline } from '../support/open-pipeline.js';
import type { FromOurEngines, Heard, ToOurEngines } from './protocol.js';
import { timeModels } from './time-models.js';

/** The pipeline of the server in a process of its own, without HTTP. */

let pipeline: OpenPipeline | undefined;

process.on('message', (message: ToOurEngines) => {
  answer(message).then(
    (reply) => process.send?.(reply),
    (error: unknown) =>
      process.send?.({
        type: 'failed',
        message: (error as Error).message,
      } satisfies FromOurEngines),
  );
});
// The hosts must not outlive the bench.
process.on('disconnect', () => void pipeline?.close().finally(() => process.exit()));

async function answer(message: ToOurEngines): Promise<FromOurEngines> {
  if (message.type === 'load') {
    pipeline = await openPipeline({ speakerDiarization: 'always' });
    const { settings } = pipeline;
    return {
      type: 'ready',
      recogniser: await pipeline.sherpaModel(),
      detector: await pipeline.detectorModel(),
      speakers: await pipeline.speakerModels(),
      threads: Math.max(
        settings.asrHosts * settings.asrThreads,
        settings.speakerHosts * settings.speakerThreads,
      ),
    };
  }
  if (pipeline === undefined) throw new Error('Nothing is loaded yet.');
  if (message.type === 'models')
    return { type: 'models', ...(await timeModels(pipeline, message.path)) };
  return { type: 'heard', ...(await hear(pipeline, message)) };
}

async function hear(
  pipeline: OpenPipeline,
  { type, path }: Exclude<ToOurEngines, { type: 'load' | 'models' }>,
): Promise<Heard> {
  if (type === 'diarize') {
    const { turns } = await diarizeOurs(pipeline.speakers, await pipeline.decode(path));
    return { turns };
  }
  const { segments, turns } = await pipeline.transcribe(
    path,
    type === 'transcribe' ? { speakers: {} } : {},
  );
  const words = segments.flatMap((segment) =>
    segment.words.map(({ text, start, end, speaker = segment.speaker }) => ({
      text,
      start,
      end,
      ...(speaker !== undefined && { speaker }),
    })),
  );
  return { words, ...(turns && { turns }) };
}

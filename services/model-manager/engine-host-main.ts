/** Main module of a speech engine host: a child process that holds one recogniser and one voice activity detector. */
import { access, constants } from 'node:fs/promises';
import { createSpeechEngine } from '#services/asr/create-engine.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type LoadedEngine, serveEngine } from './hosts/engine-child.js';
import type { SpeechHostSpec, SpeechOperations } from './protocol.js';

serveEngine(async (spec: SpeechHostSpec): Promise<LoadedEngine<SpeechOperations>> => {
  await checkFiles(spec);
  const { asr, detector, dispose } = await createSpeechEngine(spec.engine);
  return {
    operations: {
      detect: ({ samples }, call) => detector.detect(samples, call),
      recognise: ({ segments, options }, call) => asr.recognise(segments, options, call),
    },
    dispose,
  };
});

/** Native libraries answer a missing file by ending the process, so look before they do. */
async function checkFiles({ files, engine }: SpeechHostSpec): Promise<void> {
  for (const file of files)
    await access(file, constants.R_OK).catch((cause: unknown) => {
      const pull = `run './bin/whosaid models pull ${engine.modelId}'`;
      const reason = `a file of model '${engine.modelId}' is missing or cannot be read; ${pull}`;
      throw new WhosaidError('engine_unavailable', { reason }, { cause });
    });
}

/** Main module of a speech engine host: a child process that holds one recogniser and one voice activity detector. */

import { createSpeechEngine } from '#services/asr/create-engine.js';
import { useDevices } from '#services/devices/in-use.js';
import { checkFiles } from './hosts/check-files.js';
import { type LoadedEngine, serveEngine } from './hosts/engine-child.js';
import type { SpeechHostSpec, SpeechOperations } from './protocol.js';

serveEngine(
  async ({ files, engine, devices }: SpeechHostSpec): Promise<LoadedEngine<SpeechOperations>> => {
    useDevices(devices);
    await checkFiles(files);
    const { asr, detector, notes, dispose } = await createSpeechEngine(engine);
    return {
      operations: {
        detect: ({ samples, options }, call) => detector.detect(samples, { ...options, ...call }),
        listen: (hearing) => detector.listen(hearing),
        detectLanguage: ({ segment }) => asr.detectLanguage(segment),
        recognise: ({ segments, options }, call) => asr.recognise(segments, options, call),
      },
      notes,
      dispose,
    };
  },
);

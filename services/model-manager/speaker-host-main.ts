/** Main module of a speaker engine host: a child process that holds the models which tell voices apart. */
import { useDevices } from '#services/devices/in-use.js';
import { createSpeakerEngine } from '#services/diarization/create-engine.js';
import { checkFiles } from './hosts/check-files.js';
import { type LoadedEngine, serveEngine } from './hosts/engine-child.js';
import type { SpeakerHostSpec, SpeakerOperations } from './protocol.js';

serveEngine(
  async ({ files, engine, devices }: SpeakerHostSpec): Promise<LoadedEngine<SpeakerOperations>> => {
    useDevices(devices);
    await checkFiles(files);
    const speakers = await createSpeakerEngine(engine);
    return {
      operations: {
        analyse: (block, call) => speakers.analyse(block, call),
        tracks: async (input) => speakers.tracks(input),
        link: async (voices) => speakers.link(voices),
        sample: ({ samples }, call) => speakers.sample(samples, call),
      },
      dispose: () => speakers.dispose(),
    };
  },
);

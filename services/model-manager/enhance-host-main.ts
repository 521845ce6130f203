/** Main module of an engine host that enhances sound: a child process that holds one model. */
import { useDevices } from '#services/devices/in-use.js';
import { createEnhanceEngine } from '#services/enhance/create-engine.js';
import { fromPcm, toPcm } from '#services/enhance/pcm-levels.js';
import { checkFiles } from './hosts/check-files.js';
import { type LoadedEngine, serveEngine } from './hosts/engine-child.js';
import type { EnhanceHostSpec, EnhanceOperations } from './protocol.js';

serveEngine(
  async ({ files, engine, devices }: EnhanceHostSpec): Promise<LoadedEngine<EnhanceOperations>> => {
    useDevices(devices);
    await checkFiles(files);
    const enhancer = await createEnhanceEngine(engine);
    return {
      operations: {
        enhance: async ({ samples }) => toPcm(await enhancer.enhance(fromPcm(samples))),
      },
      dispose: () => enhancer.dispose(),
    };
  },
);

/**
 * Loads one model with one library on one device, in a process of its own: libraries of GPUs may end it. Arguments:
 * library, device, model. Leaves with 0 where it works; else what is wrong is the last line of stderr.
 */
import { createRequire } from 'node:module';
import { onnxProviders } from './in-use.js';
import type { Device, Library } from './types.js';

const [library, device, model = ''] = process.argv.slice(2) as [Library, Device, string];
const tries: Record<Library, () => Promise<void>> = {
  onnxruntime: async () => {
    const { InferenceSession, listSupportedBackends } = await import('#services/onnx/runtime.js');
    const options = onnxProviders(device);
    const [name = 'cpu'] = options.executionProviders ?? [];
    // It leaves unknown ones out without a word.
    const known = listSupportedBackends().map((backend) => backend.name);
    if (!known.includes(name)) throw new Error(`this build has ${known.join(', ')}`);
    await (await InferenceSession.create(model, { ...options, logSeverityLevel: 4 })).release();
  },
  // It goes on with the processor and says so on stderr, which the parent reads.
  'sherpa-onnx': async () => {
    const { SpeakerEmbeddingExtractor } = createRequire(import.meta.url)('sherpa-onnx-node');
    new SpeakerEmbeddingExtractor({ model, numThreads: 1, provider: device, debug: 0 });
  },
};

try {
  await tries[library]();
  process.exit(0);
} catch (error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

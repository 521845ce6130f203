import { analyse } from './analyse.js';
import { tracksOfChunk } from './chunk-tracks.js';
import { createEmbedder } from './embedding.js';
import { createFbank } from './fbank.js';
import { linkSpeakers } from './link-speakers.js';
import { sampleVoice } from './sample-voice.js';
import { createSegmentation } from './segmentation.js';
import type { SpeakerEngine, SpeakerEngineSpec } from './types.js';

/**
 * Loads the speaker models into this process. Call it in an engine host only: native inference can end the process.
 */
export async function createSpeakerEngine(spec: SpeakerEngineSpec): Promise<SpeakerEngine> {
  const { segmentationModelPath, embeddingModelPath, threads } = spec;
  const models = {
    segmentation: await createSegmentation({ modelPath: segmentationModelPath, threads }),
    fbank: await createFbank({ threads }),
    embedder: await createEmbedder({ modelPath: embeddingModelPath, threads }),
  };
  return {
    analyse: (block, call) => analyse(block, models, call),
    tracks: tracksOfChunk,
    link: linkSpeakers,
    sample: (samples, call) => sampleVoice(samples, models, call),
    async dispose() {
      await Promise.all(Object.values(models).map((model) => model.dispose()));
    },
  };
}

import { join } from 'node:path';
import { projectRoot } from '#config/root.js';
import { ChunkDiarizer } from '#services/diarization/chunk-diarizer.js';
import { identify } from '#services/diarization/identify.js';
import type {
  ChunkTracks,
  Identification,
  IdentifyOptions,
  SpeakerEngine,
  SpeakerEngineSpec,
  SpeakerService,
} from '#services/diarization/types.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';

const bundled = (id: string) => join(projectRoot, 'models', 'bundled', id, `${id}.onnx`);

/** The speaker models that ship with the project. */
export const speakerModels: Pick<
  SpeakerEngineSpec,
  'segmentationModelPath' | 'embeddingModelPath'
> = {
  segmentationModelPath: bundled('segmentation-3.0'),
  embeddingModelPath: bundled('campplus-zh-en-advanced'),
};

/** An engine of this process as the service that the pipeline sees. */
export function serviceOf(engine: SpeakerEngine): SpeakerService {
  return {
    hosts: 1,
    analyse: (block, call) => engine.analyse(block, call),
    tracks: async (input) => engine.tracks(input),
    identify: async (chunks, options) => identify(chunks, options),
    sample: (samples, call) => engine.sample(samples, call),
  };
}

export type DiarizeOptions = IdentifyOptions & {
  /** Length of a chunk; default: all is one chunk. */
  readonly chunkSeconds?: number;
  /** What two neighbours share. */
  readonly overlapSeconds?: number;
};

/** Finds the speakers of samples, cut into chunks anywhere and not in pauses as the pipeline does. */
export async function diarize(
  engine: SpeakerEngine,
  samples: Int16Array,
  options: DiarizeOptions = {},
): Promise<Identification> {
  return identify(await tracksOf(engine, samples, options), options);
}

/** What takes the time: from it speakers are found in no time, for one number of them or another. */
export async function tracksOf(
  engine: SpeakerEngine,
  samples: Int16Array,
  { chunkSeconds = Number.POSITIVE_INFINITY, overlapSeconds = 15 }: DiarizeOptions = {},
): Promise<ChunkTracks[]> {
  const speakers = serviceOf(engine);
  const chunks: ChunkTracks[] = [];
  const total = samples.length / SAMPLE_RATE;
  for (let start = 0, end = 0; end < total || chunks.length === 0; start = end - overlapSeconds) {
    end = Math.min(total, start + chunkSeconds);
    const chunk = new ChunkDiarizer({ speakers, start });
    await chunk.write(
      samples.subarray(Math.round(start * SAMPLE_RATE), Math.round(end * SAMPLE_RATE)),
    );
    chunks.push(await chunk.finish());
  }
  return chunks;
}

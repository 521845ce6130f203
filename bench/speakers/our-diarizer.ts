import { SAMPLE_RATE } from '#services/asr/types.js';
import { ChunkDiarizer } from '#services/diarization/chunk-diarizer.js';
import type { SpeakerService } from '#services/diarization/types.js';
import type { SpeakerTurn } from '#utils/transcript/types.js';

/** What the decoder yields is about as long. */
const BLOCK_SAMPLES = 2 * SAMPLE_RATE;

/** Diarizes decoded samples as one chunk, as the pipeline does: block by block, then the speakers of all of it. */
export async function diarizeOurs(
  speakers: SpeakerService,
  samples: Int16Array,
): Promise<{ turns: SpeakerTurn[]; elapsedMs: number }> {
  const startedAt = performance.now();
  const chunk = new ChunkDiarizer({ speakers, start: 0 });
  for (let at = 0; at < samples.length; at += BLOCK_SAMPLES)
    await chunk.write(samples.subarray(at, at + BLOCK_SAMPLES));
  const { turns } = await speakers.identify([await chunk.finish()], {});
  return {
    elapsedMs: performance.now() - startedAt,
    turns: turns.map(({ start, end, speaker }) => ({ start, end, speaker: String(speaker) })),
  };
}

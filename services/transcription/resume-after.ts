import type { ChunkPlace } from '#services/audio/chunk.js';
import type { Segment } from '#utils/transcript/types.js';
import type { ChunkResult } from './chunk-result.js';
import type { RecordingDiarizer } from './diarize-recording.js';
import { stepsOf } from './record-chunks.js';
import type { TranscriptDraft } from './transcript-draft.js';

export type Resumed = {
  /** What became certain by the chunks that are done. */
  readonly segments: readonly Segment[];
  /** The chunk to go on with; undefined before the first one. */
  readonly from: ChunkPlace | undefined;
  /** Seconds of the recording, where all chunks are done. */
  readonly duration: number | undefined;
};

/** Brings a run to where an earlier one had come: what follows is as if it had done these chunks itself. */
export function resumeAfter(
  done: readonly ChunkResult[],
  { draft, diarizer }: { draft: TranscriptDraft; diarizer: RecordingDiarizer | undefined },
): Resumed {
  const segments = done.flatMap((chunk) => {
    if (diarizer && chunk.tracks) diarizer.resume(chunk.tracks);
    return [...stepsOf(chunk)].flatMap((step) => draft.add(step));
  });
  const last = done.at(-1);
  if (last === undefined) return { segments, from: undefined, duration: undefined };
  const { index, end, nextStart } = last;
  if (nextStart === undefined) return { segments, from: undefined, duration: end };
  const from = { index: index + 1, start: nextStart, previousEnd: end };
  return { segments, from, duration: undefined };
}

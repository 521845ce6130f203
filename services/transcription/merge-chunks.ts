import type { ChunkTracks, KnownVoice, SpeakerService } from '#services/diarization/types.js';
import type { Transcript } from '#utils/transcript/types.js';
import type { ChunkResult } from './chunk-result.js';
import { identifySpeakers } from './identify-speakers.js';
import { joinChannels } from './join-channels.js';
import { stepsOf } from './record-chunks.js';
import { TranscriptDraft } from './transcript-draft.js';
import type { TranscribeRequest } from './types.js';

export type MergeChunksOptions = {
  readonly request: Pick<TranscribeRequest, 'language' | 'speakers' | 'channels'>;
  /** Voices of the people whom the request names. */
  readonly known: readonly KnownVoice[];
  readonly speakers: SpeakerService;
  readonly signal: AbortSignal;
};

const FALLBACK_LANGUAGE = 'en';

/**
 * The transcript of a recording from what came of its chunks: the same that one run over the whole recording gives.
 *
 * @param results Of all chunks: by channel, then in order of time.
 * @throws What the speaker service throws; `signal.reason`.
 */
export async function mergeChunks(
  results: readonly ChunkResult[],
  { request, known, speakers, signal }: MergeChunksOptions,
): Promise<Transcript> {
  if (request.channels) {
    const [left, right] = ([0, 1] as const).map((channel) =>
      joined(
        results.filter((result) => result.channel === channel),
        request,
      ),
    ) as [Transcript, Transcript];
    return joinChannels([left, right], request.channels);
  }
  const transcript = joined(results, request);
  if (!request.speakers) return transcript;
  const tracks = results.map((result) => result.tracks as ChunkTracks);
  const { count } = request.speakers;
  return identifySpeakers({ transcript, tracks, known, count, speakers, signal });
}

function joined(
  results: readonly ChunkResult[],
  { language = FALLBACK_LANGUAGE }: MergeChunksOptions['request'],
): Transcript {
  const draft = new TranscriptDraft();
  for (const result of results) for (const step of stepsOf(result)) draft.add(step);
  return draft.transcript({ duration: results.at(-1)?.end ?? 0, language });
}

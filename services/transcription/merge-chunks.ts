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
 * Each chunk is looked at once and let go of, its words joined to those before it: those of a day need not all be there
 * at the same time.
 *
 * @param results Of all chunks: by channel, then in order of time.
 * @throws What the results and the speaker service throw; `signal.reason`.
 */
export async function mergeChunks(
  results: Iterable<ChunkResult> | AsyncIterable<ChunkResult>,
  { request, known, speakers, signal }: MergeChunksOptions,
): Promise<Transcript> {
  const [left, right] = [new JoinedChunks(), new JoinedChunks()];
  for await (const result of results) (result.channel === 1 ? right : left).add(result);
  const { language = FALLBACK_LANGUAGE, channels } = request;
  const transcript = left.transcript(language);
  if (channels) return joinChannels([transcript, right.transcript(language)], channels);
  if (!request.speakers) return transcript;
  const { count } = request.speakers;
  return identifySpeakers({ transcript, tracks: left.tracks, known, count, speakers, signal });
}

/** What is kept of the chunks of a recording, or of one of its channels. */
class JoinedChunks {
  readonly tracks: ChunkTracks[] = [];
  readonly #draft = new TranscriptDraft();
  #duration = 0;

  add(result: ChunkResult): void {
    for (const step of stepsOf(result)) this.#draft.add(step);
    if (result.tracks) this.tracks.push(result.tracks);
    this.#duration = result.end;
  }

  transcript(language: string): Transcript {
    return this.#draft.transcript({ duration: this.#duration, language });
  }
}

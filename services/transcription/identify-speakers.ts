import type { ChunkTracks, KnownVoice, SpeakerService } from '#services/diarization/types.js';
import type { Transcript } from '#utils/transcript/types.js';
import { attribute } from './attribute.js';
import { textOf } from './transcript-draft.js';
import type { SpeakersRequest } from './types.js';

export type IdentifySpeakersOptions = {
  readonly transcript: Transcript;
  /** Of all chunks, in order. */
  readonly tracks: readonly ChunkTracks[];
  readonly known: readonly KnownVoice[];
  readonly count: SpeakersRequest['count'];
  readonly speakers: SpeakerService;
  readonly signal: AbortSignal;
};

/** The transcript with who said what. Rejects as the speaker service does. */
export async function identifySpeakers(options: IdentifySpeakersOptions): Promise<Transcript> {
  const { transcript, tracks, known, count, speakers, signal } = options;
  const identification = await speakers.identify(
    tracks,
    { known, ...(count && { count }) },
    { signal },
  );
  const attributed = attribute({ segments: transcript.segments, identification });
  return { ...transcript, ...attributed, text: textOf(attributed.segments) };
}

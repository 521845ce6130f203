import type {
  ChunkTracks,
  Identification,
  KnownVoice,
  SpeakerService,
} from '#services/diarization/types.js';
import type { Transcript } from '#utils/transcript/types.js';
import { attribute } from './attribute.js';
import { textOf } from './transcript-draft.js';
import type { SpeakersRequest } from './types.js';

export type IdentifyVoicesOptions = {
  readonly known: readonly KnownVoice[];
  readonly count: SpeakersRequest['count'];
  readonly speakers: SpeakerService;
  readonly signal: AbortSignal;
};

export type IdentifySpeakersOptions = IdentifyVoicesOptions & {
  readonly transcript: Transcript;
  /** Of all chunks, in order. */
  readonly tracks: readonly ChunkTracks[];
};

/** The speakers of a recording, by the tracks of all its chunks, in order. Rejects as the speaker service does. */
export function identifyVoices(
  tracks: readonly ChunkTracks[],
  { known, count, speakers, signal }: IdentifyVoicesOptions,
): Promise<Identification> {
  return speakers.identify(tracks, { known, ...(count && { count }) }, { signal });
}

/** The transcript with who said what. */
export function saidBy(transcript: Transcript, identification: Identification): Transcript {
  const attributed = attribute({ segments: transcript.segments, identification });
  return { ...transcript, ...attributed, text: textOf(attributed.segments) };
}

/** Both: the transcript with who said what. Rejects as the speaker service does. */
export async function identifySpeakers(options: IdentifySpeakersOptions): Promise<Transcript> {
  return saidBy(options.transcript, await identifyVoices(options.tracks, options));
}

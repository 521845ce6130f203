import { assignTracks } from './assign-tracks.js';
import { type Groups, voiceGroups } from './condense.js';
import { nameKnown } from './known.js';
import { linkSpeakers } from './link-speakers.js';
import { turnsOfSpeakers } from './speaker-turns.js';
import type {
  ChunkTracks,
  Identification,
  IdentifyOptions,
  KnownVoice,
  VoicesToLink,
} from './types.js';
import { voicesToLink } from './voices-to-link.js';

/**
 * Finds the speakers of a recording: tracks of all chunks are linked by what they sound like and by being active at the
 * same times where chunks overlap. The number of speakers is found by the linkage unless `options.count` limits it.
 *
 * Two stages keep the cost near-linear in the length: where there are too many tracks to compare all with all, those of
 * each chunk are linked first; voices with the least speech are left out if that is not enough. In the end every track,
 * however short, has the speaker that it is most alike.
 */
export function identify(
  chunks: readonly ChunkTracks[],
  { known = [], ...options }: IdentifyOptions,
): Identification {
  const question = linkingOf(chunks, options);
  return identification(chunks, { ...question, linked: linkSpeakers(question.voices), known });
}

/** What has to be linked, which is the long part of the work and may be done elsewhere. */
export function linkingOf(
  chunks: readonly ChunkTracks[],
  { count = {}, likeness }: Pick<IdentifyOptions, 'count' | 'likeness'>,
): { readonly groups: Groups; readonly voices: VoicesToLink } {
  const groups = voiceGroups(chunks);
  const voices = voicesToLink(chunks, { groups, count });
  return { groups, voices: { ...voices, ...(likeness !== undefined && { likeness }) } };
}

/** The speakers, when it is known which voices are theirs. */
export function identification(
  chunks: readonly ChunkTracks[],
  found: {
    readonly groups: Groups;
    /** For each speaker, groups by index. */
    readonly linked: readonly (readonly number[])[];
    readonly known: readonly KnownVoice[];
  },
): Identification {
  const { groups, linked, known } = found;
  const tracks = chunks.flatMap((chunk) => chunk.tracks);
  if (tracks.length === 0) return { speakers: [], turns: [] };
  const speakers = linked.map((members) => members.flatMap((group) => groups[group] ?? []));
  const { speakerOf, centroids } = assignTracks({ tracks, speakers });
  return nameKnown(turnsOfSpeakers({ chunks, speakerOf, centroids }), known);
}

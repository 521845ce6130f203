import { type Groups, pick } from './condense.js';
import { tiesOfChunks } from './ties-of-chunks.js';
import { voiceOfAll } from './track-voice.js';
import type { ChunkTracks, SpeakerCount, VoicesToLink } from './types.js';
import { EMBEDDING_SIZE } from './vectors.js';

/** The voices of a recording as what is sent to whoever links them: a few megabytes, however long it is. */
export function voicesToLink(
  chunks: readonly ChunkTracks[],
  { groups, count }: { groups: Groups; count: SpeakerCount },
): VoicesToLink {
  const tracks = chunks.flatMap((chunk) => chunk.tracks);
  const sums = new Float64Array(groups.length * EMBEDDING_SIZE);
  const seconds = new Float64Array(groups.length);
  const squares = new Float64Array(groups.length);
  groups.forEach((members, group) => {
    const voice = voiceOfAll(pick(tracks, members));
    sums.set(voice.sum, group * EMBEDDING_SIZE);
    seconds[group] = voice.seconds;
    squares[group] = voice.squares;
  });
  return { sums, seconds, squares, ties: tiesOfGroups(chunks, groups), count };
}

/** Ties of tracks as ties of the groups that they are in. */
function tiesOfGroups(chunks: readonly ChunkTracks[], groups: Groups): VoicesToLink['ties'] {
  const groupOf = new Int32Array(chunks.reduce((sum, { tracks }) => sum + tracks.length, 0)).fill(
    -1,
  );
  for (const [group, members] of groups.entries()) {
    for (const member of members) groupOf[member] = group;
  }
  const [ones, others, weights]: [number[], number[], number[]] = [[], [], []];
  for (const { one, other, weight } of tiesOfChunks(chunks)) {
    const [row = -1, column = -1] = [groupOf[one], groupOf[other]];
    if (row < 0 || column < 0 || row === column) continue;
    ones.push(row);
    others.push(column);
    weights.push(weight);
  }
  return {
    ones: Int32Array.from(ones),
    others: Int32Array.from(others),
    weights: Float64Array.from(weights),
  };
}

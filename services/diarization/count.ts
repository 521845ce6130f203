import { type Cluster, linkVoices } from './linkage.js';
import type { SpeakerCount } from './types.js';

/**
 * A voice with less undisturbed speech than this part of the recording's is no speaker of its own (somebody's laughter,
 * a door); but ten seconds are always enough.
 */
const MIN_PART = 0.004;
const ALWAYS_ENOUGH_SECONDS = 10;

/**
 * Turns clusters into speakers: lists of the voices that are surely theirs. What is too short to be a speaker is left
 * out, to be given to the most similar one; so many speakers come out as `count` allows, as far as there are voices.
 */
export function settleCount(work: {
  /** Largest first. */
  clusters: readonly Cluster[];
  count: SpeakerCount;
}): number[][] {
  const { clusters, count } = work;
  const { min = 1, max = Number.POSITIVE_INFINITY } = count;
  const total = clusters.reduce((sum, { seconds }) => sum + seconds, 0);
  const enough = Math.min(ALWAYS_ENOUGH_SECONDS, MIN_PART * total);
  const substantial = clusters.filter(({ seconds }) => seconds >= enough);
  // Of short voices, the longest are the best candidates when more speakers are wanted.
  let chosen = clusters.slice(0, Math.max(min, substantial.length));
  while (chosen.length < min) {
    const parted = partWeakest(chosen);
    if (!parted) break;
    chosen = parted;
  }
  if (chosen.length > max) chosen = joinTo(chosen, max);
  return chosen.map(({ members }) => [...members]);
}

/** Undoes the weakest link of all clusters. Undefined when no cluster has parts. */
function partWeakest(clusters: readonly Cluster[]): Cluster[] | undefined {
  const candidates = clusters.flatMap((cluster) => {
    const parts = balancedParts(cluster);
    return parts ? [{ cluster, ...parts }] : [];
  });
  const [weakest] = candidates.sort((one, other) => one.likeness - other.likeness);
  if (!weakest) return undefined;
  return clusters.flatMap((cluster) => (cluster === weakest.cluster ? weakest.parts : [cluster]));
}

/** A part smaller than this share of its cluster is an outlier, not a speaker. */
const OUTLIER_SHARE = 0.05;

/** Where a cluster comes apart in two that are both of some size; outliers stay with the larger part. */
function balancedParts(cluster: Cluster): { parts: Cluster[]; likeness: number } | undefined {
  const outliers: Cluster[] = [];
  let core = cluster;
  while (core.parts) {
    const [one, other] = core.parts;
    const [larger, smaller] = one.seconds >= other.seconds ? [one, other] : [other, one];
    if (smaller.seconds >= OUTLIER_SHARE * cluster.seconds) {
      return { parts: [withMembers(larger, outliers), smaller], likeness: core.likeness };
    }
    outliers.push(smaller);
    core = larger;
  }
  return undefined;
}

function withMembers(cluster: Cluster, more: readonly Cluster[]): Cluster {
  return { ...cluster, members: [...cluster.members, ...more.flatMap(({ members }) => members)] };
}

function joinTo(clusters: readonly Cluster[], max: number): Cluster[] {
  const ties = new Float64Array(clusters.length ** 2);
  return linkVoices(clusters, ties, { threshold: 1, maxClusters: max }).map((joined) => ({
    ...joined,
    members: joined.members.flatMap((index) => clusters[index]?.members ?? []),
  }));
}

import { type Cluster, sumOf, trueCosine, type Voice } from './linkage.js';
import { spectralClusters } from './spectral.js';
import { cosine, unit } from './vectors.js';

/** A voice with less speech takes no part: its sound is mostly chance. */
const MIN_VOICE_SECONDS = 0.4;
/** A spectral cluster is at home in a cluster that holds so much of it. */
const HOME_PART = 0.5;
/** Cosine of true voices from which on two parts are one person: parts of one have 0.89 to 1.05, two people 0.87. */
const CERTAINLY_ONE = 0.95;
/** Less than this is no person but an accident of a few pieces; nor is less than this part of all speech. */
const MIN_PERSON_SECONDS = 2;
const MIN_PERSON_PART = 0.02;

/**
 * Parts clusters in which two people with similar voices ended up: a cluster in which several spectral clusters are at
 * home becomes one for each of them. Nothing is ever joined, so whom only the linkage can see stays.
 */
export function partClusters(clusters: readonly Cluster[], voices: readonly Voice[]): Cluster[] {
  const heard = voices
    .map((voice, index) => ({ voice, index }))
    .filter(({ voice }) => voice.seconds >= MIN_VOICE_SECONDS);
  const labels = spectralClusters(heard.map(({ voice }) => voice));
  const labelOf = new Map(heard.map(({ index }, at) => [index, labels[at] as number]));
  const secondsOf = (members: readonly number[], label: number) =>
    members.reduce(
      (sum, member) => sum + (labelOf.get(member) === label ? (voices[member]?.seconds ?? 0) : 0),
      0,
    );
  const all = voices.map((_, index) => index);
  const total = voices.reduce((sum, { seconds }) => sum + seconds, 0);
  const enough = Math.max(MIN_PERSON_SECONDS, MIN_PERSON_PART * total);
  const found = [...new Set(labels)];
  return clusters
    .flatMap((cluster) => {
      const people = found.filter((label) => {
        const seconds = secondsOf(cluster.members, label);
        return seconds >= enough && seconds >= HOME_PART * secondsOf(all, label);
      });
      return people.length < 2 ? [cluster] : partCluster({ cluster, voices, people, labelOf });
    })
    .sort((one, other) => other.seconds - one.seconds);
}

function partCluster(work: {
  cluster: Cluster;
  voices: readonly Voice[];
  people: readonly number[];
  labelOf: ReadonlyMap<number, number>;
}): Cluster[] {
  const { cluster, voices, people, labelOf } = work;
  const pick = (members: readonly number[]) => sumOf(members.map((each) => voices[each] as Voice));
  const parts = people.map((label) =>
    cluster.members.filter((each) => labelOf.get(each) === label),
  );
  const centroids = parts.map((members) => unit(Float32Array.from(pick(members).sum)));
  for (const member of cluster.members) {
    if (parts.some((members) => members.includes(member))) continue;
    const own = unit(Float32Array.from((voices[member] as Voice).sum));
    const alike = centroids.map((centroid) => cosine(own, centroid));
    parts[alike.indexOf(Math.max(...alike))]?.push(member);
  }
  const found = parts.map((members) => ({
    ...pick(members),
    members,
    likeness: cluster.likeness,
  }));
  return found.some((part, index) => found.slice(0, index).some((other) => areOne(part, other)))
    ? [cluster]
    : found;
}

/** Parts that sound like one person, all things considered, stay together. */
function areOne(one: Voice, other: Voice): boolean {
  return trueCosine(one, other) >= CERTAINLY_ONE;
}

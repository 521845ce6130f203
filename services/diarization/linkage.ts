import { behindEachOther, productsOfAll } from './products.js';
import type { Link } from './types.js';
import { dot, EMBEDDING_SIZE } from './vectors.js';

/** A voice to be linked with others: one piece, or many that are known to be one speaker's. */
export type Voice = {
  /** Sum of the pieces' unit embeddings, each times its seconds. */
  readonly sum: Float64Array;
  readonly seconds: number;
  /** Sum of the squares of the pieces' seconds. */
  readonly squares: number;
};

/** Voices that were found to be one. `parts` are the two that were linked last; none for a single voice. */
export type Cluster = Voice & {
  /** Indices of the voices in it. */
  readonly members: readonly number[];
  readonly parts?: readonly [Cluster, Cluster];
  /** How alike the two parts are. */
  readonly likeness: number;
};

export type LinkOptions = {
  /** Pieces of two clusters must be so alike on average (cosine, with ties). */
  readonly threshold: number;
  /** Goes on beyond the threshold while there are more clusters than this. */
  readonly maxClusters?: number;
};

/**
 * Two voices of which this much is heard undisturbed are judged by their own spread as well: a threshold alone takes
 * two people with similar voices for one.
 */
const WELL_KNOWN_SECONDS = 10;
/** And this part of all speech: what is odd about a piece or two must not grow to a person in a long recording. */
const WELL_KNOWN_PART = 0.02;
/**
 * Cosine of two mean voices, each freed of its pieces' spread, under which well-known voices are two people. Measured:
 * parts of one speaker 0.89 to 1.05, two similar speakers 0.84 to 0.87 at most (docs/decisions/diarization.md).
 */
const SAME_PERSON = 0.88;
/**
 * Different pieces of one speaker are not more alike than this on average, unless the same audio is played again and
 * again: that must not count as a voice with hardly any spread.
 */
const MOST_ALIKE = 0.75;
/** Order of links beyond the threshold: pairs that were judged to be two people come last. */
const TWO_PEOPLE_PENALTY = 2;

/**
 * Agglomerative clustering with average linkage: the two clusters whose pieces are most alike on average are joined
 * again and again. Averages come from sums, so clustering clusters gives what clustering their pieces would have given.
 *
 * @param ties `ties[i * n + j]`: bonus to the similarity of voices i and j, times the seconds of both; symmetric.
 * @returns Clusters, largest first. O(n²) memory, about O(n²) time.
 */
export function linkVoices(
  voices: readonly Voice[],
  ties: Float64Array,
  options: LinkOptions,
): Cluster[] {
  const table = new LinkTable(voices, ties);
  const { threshold, maxClusters = Number.POSITIVE_INFINITY } = options;
  for (;;) {
    const best = table.best();
    if (!best || (best.likeness < threshold && table.size <= maxClusters)) break;
    table.join(best);
  }
  return table.clusters().sort((one, other) => other.seconds - one.seconds);
}

/**
 * The same, as the links in the order in which they are made: those before the first one below a higher threshold are
 * the links of that threshold.
 */
export function linksOf(
  voices: readonly Voice[],
  ties: Float64Array,
  { threshold }: { readonly threshold: number },
): Link[] {
  const table = new LinkTable(voices, ties);
  const links: Link[] = [];
  for (let best = table.best(); best && best.likeness >= threshold; best = table.best()) {
    links.push(best);
    table.join(best);
  }
  return links;
}

/** All clusters with the similarity of every pair and, for each, the most similar other. */
class LinkTable {
  readonly #count: number;
  /**
   * Row-major: sums of products of all pieces of two clusters, ties included. One table for both: with 1,500 voices each
   * takes 18 MB.
   */
  readonly #products: Float64Array;
  readonly #clusters: (Cluster | undefined)[];
  /** Those of the clusters, to be at hand. */
  readonly #seconds: Float64Array;
  #alive: number[];
  readonly #wellKnownSeconds: number;
  readonly #nearest: Int32Array;
  readonly #likeness: Float64Array;

  constructor(voices: readonly Voice[], ties: Float64Array) {
    this.#count = voices.length;
    const total = voices.reduce((sum, { seconds }) => sum + seconds, 0);
    this.#wellKnownSeconds = Math.max(WELL_KNOWN_SECONDS, WELL_KNOWN_PART * total);
    this.#seconds = Float64Array.from(voices, ({ seconds }) => seconds);
    this.#clusters = voices.map((voice, index) => ({ ...voice, members: [index], likeness: 1 }));
    // 250 voices of a chunk are 6 million products, 1,500 of a day are 216 million.
    this.#products = productsOfAll(behindEachOther(voices.map(({ sum }) => sum)), this.#count);
    for (let at = 0; at < ties.length; at++) {
      this.#products[at] = (this.#products[at] as number) + (ties[at] as number);
    }
    this.#alive = voices.map((_, index) => index);
    this.#nearest = new Int32Array(this.#count).fill(-1);
    this.#likeness = new Float64Array(this.#count);
    for (const index of this.#alive) this.#findNearest(index);
  }

  get size(): number {
    return this.#alive.length;
  }

  clusters(): Cluster[] {
    return this.#alive.map((index) => this.#clusters[index] as Cluster);
  }

  /** The two most similar clusters. */
  best(): Link | undefined {
    let best = -1;
    for (const index of this.#alive) {
      if ((this.#nearest[index] as number) < 0) continue;
      if (best < 0 || (this.#likeness[index] as number) > (this.#likeness[best] as number)) {
        best = index;
      }
    }
    if (best < 0) return undefined;
    const other = this.#nearest[best] as number;
    return {
      one: Math.min(best, other),
      other: Math.max(best, other),
      likeness: this.#likeness[best] as number,
    };
  }

  join({ one, other, likeness }: Link): void {
    const [first, second] = [this.#clusters[one] as Cluster, this.#clusters[other] as Cluster];
    this.#clusters[one] = {
      sum: first.sum.map((value, index) => value + (second.sum[index] as number)),
      seconds: first.seconds + second.seconds,
      squares: first.squares + second.squares,
      members: [...first.members, ...second.members],
      parts: [first, second],
      likeness,
    };
    this.#clusters[other] = undefined;
    this.#seconds[one] = first.seconds + second.seconds;
    this.#addRow(one, other);
    this.#alive = this.#alive.filter((index) => index !== other);
    this.#findNearest(one);
    for (const index of this.#alive) {
      if (index === one) continue;
      const nearest = this.#nearest[index];
      if (nearest === one || nearest === other) this.#findNearest(index);
      else this.#considerNearest(index, one);
    }
  }

  #addRow(one: number, other: number): void {
    const table = this.#products;
    const at = (row: number, column: number) => row * this.#count + column;
    for (let column = 0; column < this.#count; column++) {
      table[at(one, column)] =
        (table[at(one, column)] as number) + (table[at(other, column)] as number);
    }
    for (let row = 0; row < this.#count; row++) {
      table[at(row, one)] = (table[at(row, one)] as number) + (table[at(row, other)] as number);
    }
  }

  #findNearest(index: number): void {
    let nearest = -1;
    let likeness = Number.NEGATIVE_INFINITY;
    for (const other of this.#alive) {
      if (other === index) continue;
      const alike = this.#alike(index, other);
      if (alike <= likeness) continue;
      nearest = other;
      likeness = alike;
    }
    this.#nearest[index] = nearest;
    this.#likeness[index] = likeness;
  }

  /** Takes a cluster that has changed for the nearest of another one, where it is nearer than that was. */
  #considerNearest(index: number, changed: number): void {
    const alike = this.#alike(changed, index);
    if (alike <= (this.#likeness[index] as number)) return;
    this.#nearest[index] = changed;
    this.#likeness[index] = alike;
  }

  /** The same both ways round; quicker in the row of `one` for many others. */
  #alike(one: number, other: number): number {
    const [first, second] = [this.#seconds[one] as number, this.#seconds[other] as number];
    const alike = (this.#products[one * this.#count + other] as number) / (first * second);
    if (Math.min(first, second) < this.#wellKnownSeconds) return alike;
    return this.#areTwoPeople(one, other) ? alike - TWO_PEOPLE_PENALTY : alike;
  }

  #areTwoPeople(one: number, other: number): boolean {
    const [first, second] = [this.#clusters[one] as Cluster, this.#clusters[other] as Cluster];
    return trueCosine(first, second) < SAME_PERSON;
  }
}

/** Several voices as one. They are looked at one after the other, so that they need not all be there at once. */
export function sumOf(voices: Iterable<Voice>): Voice {
  const sum = new Float64Array(EMBEDDING_SIZE);
  let [seconds, squares] = [0, 0];
  for (const voice of voices) {
    for (let index = 0; index < EMBEDDING_SIZE; index++) {
      sum[index] = (sum[index] as number) + (voice.sum[index] as number);
    }
    seconds += voice.seconds;
    squares += voice.squares;
  }
  return { sum, seconds, squares };
}

/**
 * Cosine of what two voices really sound like: of their means, freed of the spread of their pieces. About 1 for one
 * person, however few pieces there are; more than 1 by chance.
 */
export function trueCosine(one: Voice, other: Voice): number {
  const product = dot(one.sum, other.sum) / (one.seconds * other.seconds);
  return product / Math.sqrt(likenessInside(one) * likenessInside(other));
}

/** Mean cosine of two different pieces of a voice, as far as that can be. */
function likenessInside({ sum, seconds, squares }: Voice): number {
  const mean = (dot(sum, sum) - squares) / Math.max(1e-6, seconds ** 2 - squares);
  return Math.min(MOST_ALIKE, Math.max(1e-6, mean));
}

import type { Identification, IdentifiedTurn } from '#services/diarization/types.js';
import { lettersOf } from './attribute-names.js';

export type LiveLabelsOptions = {
  /** Whoever was told as a letter stays that letter, also when recognised as a known voice later. Default false. */
  readonly lettersStay?: boolean;
};

/**
 * Names of speakers while a recording is still heard. Each identification finds the speakers anew, with more to go by;
 * whoever has a name keeps it: the speaker who is heard at the same times as a named one of the identification before.
 * So what was told stays true as far as it can, and nothing of it is ever taken back.
 */
export class LiveLabels {
  /** Of all voices that a request knows, heard or not: no letter may look like one of them. */
  readonly #taken: Set<string>;
  #before: Identification = { speakers: [], turns: [] };
  #now: Identification = { speakers: [], turns: [] };
  /** Speaker of the latest identification → name. Speakers without a word told so far have none. */
  #names = new Map<number, string>();
  #letters = 0;
  readonly #lettersStay: boolean;

  constructor(knownNames: readonly string[], { lettersStay = false }: LiveLabelsOptions = {}) {
    this.#taken = new Set(knownNames.map((name) => name.toUpperCase()));
    this.#lettersStay = lettersStay;
  }

  /** Takes what is known now. */
  update(identification: Identification): void {
    this.#before = this.#now;
    this.#now = identification;
    const earlier = this.#names;
    this.#names = new Map();
    // A known voice has its name whatever was told before it was recognised.
    if (!this.#lettersStay) this.#nameKnown();
    const given = new Set(this.#names.values());
    // Words were told before anybody was heard: they were the first one's.
    const pairs = this.#before.turns.length === 0 ? FIRST_IS_FIRST : this.#overlaps();
    for (const { before, now } of pairs) {
      const name = earlier.get(before);
      if (name === undefined || given.has(name) || this.#names.has(now)) continue;
      this.#names.set(now, name);
      given.add(name);
    }
    if (this.#lettersStay) this.#nameKnown();
  }

  /** The name of a speaker of the latest identification; the next free letter where there is none yet. */
  nameOf(speaker: number): string {
    const name = this.#names.get(speaker) ?? this.#nextLetter();
    this.#names.set(speaker, name);
    return name;
  }

  /** The speaker of the latest identification who has this name; undefined: nobody has it any more. */
  speakerOf(name: string): number | undefined {
    for (const [speaker, own] of this.#names) if (own === name) return speaker;
    return undefined;
  }

  /** Names those who are known and have no name yet, but with a name that nobody else has. */
  #nameKnown(): void {
    const given = new Set(this.#names.values());
    this.#now.speakers.forEach(({ known }, speaker) => {
      if (known === undefined || given.has(known) || this.#names.has(speaker)) return;
      this.#names.set(speaker, known);
    });
  }

  #overlaps(): readonly Overlap[] {
    return byOverlap(this.#before.turns, this.#now.turns);
  }

  #nextLetter(): string {
    for (;;) {
      const letter = lettersOf(this.#letters++);
      if (!this.#taken.has(letter)) return letter;
    }
  }
}

type Overlap = { readonly before: number; readonly now: number; seconds: number };

const FIRST_IS_FIRST: readonly Overlap[] = [{ before: 0, now: 0, seconds: 0 }];

/** Pairs of speakers who are heard at the same times, longest overlap first. Turns are ordered by start. */
function byOverlap(
  before: readonly IdentifiedTurn[],
  now: readonly IdentifiedTurn[],
): readonly Overlap[] {
  const overlaps = new Map<string, Overlap>();
  let first = 0;
  // Turns of one identification overlap one another, so how far back one may reach is known by the longest.
  const longest = now.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  for (const turn of before) {
    while (first < now.length && (now[first] as IdentifiedTurn).start + longest <= turn.start)
      first++;
    for (let index = first; index < now.length; index++) {
      const other = now[index] as IdentifiedTurn;
      if (other.start >= turn.end) break;
      const seconds = Math.min(turn.end, other.end) - Math.max(turn.start, other.start);
      if (seconds <= 0) continue;
      const key = `${turn.speaker} ${other.speaker}`;
      const pair = overlaps.get(key) ?? { before: turn.speaker, now: other.speaker, seconds: 0 };
      pair.seconds += seconds;
      overlaps.set(key, pair);
    }
  }
  return [...overlaps.values()].sort((one, other) => other.seconds - one.seconds);
}

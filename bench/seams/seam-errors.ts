import type { LongAlignment } from '../scoring/long-words.js';
import type { AlignmentStep } from '../scoring/wer.js';
import type { Seam } from './recognise.js';

/** A difference to the known text. */
export type WordError = {
  readonly kind: 'lost' | 'doubled' | 'changed';
  /** Second of the recording. */
  readonly at: number;
  /** Words of the reference before it. */
  readonly place: number;
  /** What was said; empty where nothing was. */
  readonly said: string;
  readonly heard: string;
};

/** What chunks and their seams did to the words. */
export type SeamErrors = {
  readonly seams: number;
  /** Errors near seams that the recording in one chunk does not have. */
  readonly atSeams: readonly WordError[];
  /** Of these, the ones that joining made: a chunk that heard it by itself, away from its edges, does not have them. */
  readonly byJoining: readonly WordError[];
  /** Errors near seams that only the recording in one chunk has: the recogniser errs here and there. */
  readonly onlyInOne: readonly WordError[];
  /** Errors that the recording in one chunk does not have, everywhere else. */
  readonly elsewhere: readonly WordError[];
};

/** So near to an overlap an error counts as the seam's, on both sides; so near to its edge a chunk hears badly. */
export const AROUND_SECONDS = 3;
/** An alignment may put the same error at one of several places: "very very" has lost the first or the second. */
const SAME_PLACE_WORDS = 3;

/**
 * The errors of a recording worked through in chunks that the same recording without seams does not have. All are
 * aligned with the same reference. A word that is lost in one and wrong in the other counts.
 */
export function seamErrors({
  joined,
  earlier,
  later,
  whole,
  seams,
  seconds,
}: {
  joined: LongAlignment;
  /** At seams as the chunks before them have it, and as those after them do. */
  earlier: LongAlignment;
  later: LongAlignment;
  whole: LongAlignment;
  /** In order. */
  seams: readonly Seam[];
  /** Errors after that are left out. */
  seconds: number;
}): SeamErrors {
  const of = (alignment: LongAlignment) => errorsOf(alignment).filter(({ at }) => at < seconds);
  const seamOf = ({ at }: WordError) =>
    seams.find(({ from, to }) => at >= from - AROUND_SECONDS && at <= to + AROUND_SECONDS);
  const added = withoutThoseOf(of(joined), of(whole));
  const atSeams = added.filter(seamOf);
  const avoided = [earlier, later].flatMap((version) => withoutThoseOf(of(joined), of(version)));
  const avoidable = new Set(avoided.map(identityOf));
  return {
    seams: seams.length,
    atSeams,
    byJoining: atSeams.filter((error) => {
      const { from, to } = seamOf(error) as Seam;
      const isAwayFromEdges = error.at <= to - AROUND_SECONDS || error.at >= from + AROUND_SECONDS;
      return avoidable.has(identityOf(error)) || !isAwayFromEdges;
    }),
    onlyInOne: withoutThoseOf(of(whole), of(joined)).filter(seamOf),
    elsewhere: added.filter((error) => !seamOf(error)),
  };
}

/** Words lost or doubled. A wrong word that is the one beside it once more counts: it hides one of each. */
export function lostOrDoubled(errors: readonly WordError[]): readonly WordError[] {
  return errors.filter(({ kind }) => kind !== 'changed');
}

/** Every error of an alignment, in order. */
export function errorsOf(alignment: LongAlignment): WordError[] {
  const { errors, reference, hypothesis } = alignment;
  let place = 0;
  return errors.steps.flatMap((step): WordError[] => {
    const before = place;
    if (step.reference !== undefined) place++;
    if (step.kind === 'match') return [];
    const said = reference[step.reference ?? -1];
    const heard = hypothesis[step.hypothesis ?? -1];
    const texts = { said: said?.text ?? '', heard: heard?.text ?? '' };
    return [
      { kind: kindOf(step, alignment), at: heard?.at ?? said?.at ?? 0, place: before, ...texts },
    ];
  });
}

function kindOf(step: AlignmentStep, { hypothesis }: LongAlignment): WordError['kind'] {
  if (step.kind === 'deletion') return 'lost';
  if (step.kind === 'insertion') return 'doubled';
  const heard = step.hypothesis ?? -1;
  const isEcho = [heard - 1, heard + 1].some(
    (beside) => hypothesis[beside]?.text === hypothesis[heard]?.text,
  );
  return isEcho ? 'doubled' : 'changed';
}

function withoutThoseOf(errors: readonly WordError[], others: readonly WordError[]): WordError[] {
  const left = new Map<string, number[]>();
  for (const other of others)
    left.set(keyOf(other), [...(left.get(keyOf(other)) ?? []), other.place]);
  return errors.filter((error) => {
    const places = left.get(keyOf(error)) ?? [];
    const same = places.findIndex((place) => Math.abs(place - error.place) <= SAME_PLACE_WORDS);
    if (same < 0) return true;
    // One error of the one accounts for one of the other.
    places.splice(same, 1);
    return false;
  });
}

function keyOf({ kind, said, heard }: WordError): string {
  return `${kind} ${said} ${heard}`;
}

/** Errors of one alignment are told apart by it. */
function identityOf(error: WordError): string {
  return `${error.place} ${keyOf(error)}`;
}

import type { LongAlignment } from '../scoring/long-words.js';
import type { AlignmentStep } from '../scoring/wer.js';
import type { Seam } from './find-seams.js';

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

/** What joining chunks did to the words. */
export type SeamErrors = {
  /** Near seams. */
  readonly atSeams: readonly WordError[];
  /** Everywhere else: what the recogniser does differently because its windows are others. */
  readonly elsewhere: readonly WordError[];
  readonly seams: number;
  readonly secondsAtSeams: number;
  readonly secondsElsewhere: number;
};

/** So near to an overlap an error counts as the seam's, on both sides. */
export const AROUND_SECONDS = 3;
/** An alignment may put the same error at one of several places: "very very" has lost the first or the second. */
const SAME_PLACE_WORDS = 3;

/**
 * The errors of a recording worked through in chunks that the same recording without seams does not have, at seams and
 * elsewhere. Both are aligned with the same reference. A word that is lost in one and wrong in the other counts.
 */
export function seamErrors({
  chunked,
  whole,
  seams,
  seconds,
}: {
  chunked: LongAlignment;
  whole: LongAlignment;
  /** In order; errors after the last one are left out. */
  seams: readonly Seam[];
  /** Length of the recording as far as it is looked at. */
  seconds: number;
}): SeamErrors {
  const added = withoutThoseOf(errorsOf(chunked), errorsOf(whole)).filter(({ at }) => at < seconds);
  const isNear = ({ at }: WordError) =>
    seams.some(({ from, to }) => at >= from - AROUND_SECONDS && at <= to + AROUND_SECONDS);
  const secondsAtSeams = seams.reduce(
    (sum, { from, to }) => sum + to - from + 2 * AROUND_SECONDS,
    0,
  );
  return {
    atSeams: added.filter(isNear),
    elsewhere: added.filter((error) => !isNear(error)),
    seams: seams.length,
    secondsAtSeams,
    secondsElsewhere: seconds - secondsAtSeams,
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

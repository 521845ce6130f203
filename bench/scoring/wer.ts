/** One step of an alignment. Indices point into the reference and the hypothesis; a missing side is undefined. */
export type AlignmentStep =
  | {
      readonly kind: 'match' | 'substitution';
      readonly reference: number;
      readonly hypothesis: number;
    }
  | { readonly kind: 'deletion'; readonly reference: number; readonly hypothesis?: undefined }
  | { readonly kind: 'insertion'; readonly reference?: undefined; readonly hypothesis: number };

/** Word errors of one recording. `rate` is errors over reference words; Infinity for insertions against nothing. */
export type WordErrors = {
  readonly substitutions: number;
  readonly deletions: number;
  readonly insertions: number;
  readonly referenceWords: number;
  readonly rate: number;
  readonly steps: readonly AlignmentStep[];
};

/**
 * Aligns two lists of words with the fewest substitutions, deletions and insertions (each costs 1). Among equal
 * alignments it takes the one with the most matches, then substitution before deletion before insertion.
 */
export function alignWords(
  reference: readonly string[],
  hypothesis: readonly string[],
): WordErrors {
  const steps = backtrack(reference, hypothesis, costTable(reference, hypothesis));
  const count = (kind: AlignmentStep['kind']) => steps.filter((step) => step.kind === kind).length;
  return wordErrors(
    {
      substitutions: count('substitution'),
      deletions: count('deletion'),
      insertions: count('insertion'),
      referenceWords: reference.length,
    },
    steps,
  );
}

/** The errors of several recordings taken as one: sums of errors over the sum of reference words. */
export function sumWordErrors(files: readonly WordErrors[]): WordErrors {
  const sum = (field: 'substitutions' | 'deletions' | 'insertions' | 'referenceWords') =>
    files.reduce((total, file) => total + file[field], 0);
  return wordErrors(
    {
      substitutions: sum('substitutions'),
      deletions: sum('deletions'),
      insertions: sum('insertions'),
      referenceWords: sum('referenceWords'),
    },
    [],
  );
}

function wordErrors(
  counts: Omit<WordErrors, 'rate' | 'steps'>,
  steps: readonly AlignmentStep[],
): WordErrors {
  const errors = counts.substitutions + counts.deletions + counts.insertions;
  return { ...counts, rate: errors === 0 ? 0 : errors / counts.referenceWords, steps };
}

/** Worth of one error in the table; a match takes off 1, so that matches decide between equal numbers of errors. */
const ERROR = 2 ** 20;

/** Row-major (reference + 1) × (hypothesis + 1) table of the cheapest alignment of both heads. */
function costTable(reference: readonly string[], hypothesis: readonly string[]): Float64Array {
  const width = hypothesis.length + 1;
  const costs = new Float64Array((reference.length + 1) * width);
  for (let column = 1; column < width; column++) costs[column] = column * ERROR;
  for (let row = 1; row <= reference.length; row++) {
    costs[row * width] = row * ERROR;
    for (let column = 1; column < width; column++) {
      const equal = reference[row - 1] === hypothesis[column - 1];
      costs[row * width + column] = Math.min(
        cost(costs, (row - 1) * width + column - 1) + (equal ? -1 : ERROR),
        cost(costs, (row - 1) * width + column) + ERROR,
        cost(costs, row * width + column - 1) + ERROR,
      );
    }
  }
  return costs;
}

function backtrack(
  reference: readonly string[],
  hypothesis: readonly string[],
  costs: Float64Array,
): AlignmentStep[] {
  const width = hypothesis.length + 1;
  const steps: AlignmentStep[] = [];
  let row = reference.length;
  let column = hypothesis.length;
  while (row > 0 || column > 0) {
    const here = cost(costs, row * width + column);
    const equal = row > 0 && column > 0 && reference[row - 1] === hypothesis[column - 1];
    const diagonal =
      row > 0 && column > 0 ? cost(costs, (row - 1) * width + column - 1) : Number.NaN;
    if (here === diagonal + (equal ? -1 : ERROR)) {
      row -= 1;
      column -= 1;
      steps.push({ kind: equal ? 'match' : 'substitution', reference: row, hypothesis: column });
    } else if (row > 0 && here === cost(costs, (row - 1) * width + column) + ERROR) {
      row -= 1;
      steps.push({ kind: 'deletion', reference: row });
    } else {
      column -= 1;
      steps.push({ kind: 'insertion', hypothesis: column });
    }
  }
  return steps.reverse();
}

function cost(costs: Float64Array, index: number): number {
  return costs[index] ?? Number.POSITIVE_INFINITY;
}

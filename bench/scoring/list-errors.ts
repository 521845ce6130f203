import type { AlignmentStep } from './wer.js';
import type { Score, TimedWord } from './word-starts.js';

const CONTEXT_WORDS = 3;

/**
 * One line for each run of neighbouring errors: the time (of the nearest recognised word), what the reference says
 * and what was recognised, with a few matching words on both sides.
 */
export function listErrors(score: Score, words: readonly TimedWord[]): string[] {
  const { steps } = score.words;
  const lines: string[] = [];
  for (let at = 0; at < steps.length; at++) {
    if (steps[at]?.kind === 'match') continue;
    let end = at;
    while (end < steps.length && steps[end]?.kind !== 'match') end++;
    const before = referenceText(score, steps.slice(Math.max(0, at - CONTEXT_WORDS), at));
    const after = referenceText(score, steps.slice(end, end + CONTEXT_WORDS));
    const run = steps.slice(at, end);
    lines.push(
      `${timeOf(score, words, steps, at)} s: ${before} [${referenceText(score, run)} → ${hypothesisText(score, run)}] ${after}`,
    );
    at = end;
  }
  return lines;
}

function referenceText(score: Score, steps: readonly AlignmentStep[]): string {
  return joined(steps.map((step) => score.reference[step.reference ?? -1]?.text));
}

function hypothesisText(score: Score, steps: readonly AlignmentStep[]): string {
  return joined(steps.map((step) => score.hypothesis[step.hypothesis ?? -1]?.text));
}

function joined(texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined).join(' ') || '∅';
}

/** Start of the first recognised word at or after the step, else of the last one. */
function timeOf(
  score: Score,
  words: readonly TimedWord[],
  steps: readonly AlignmentStep[],
  at: number,
): string {
  const following = steps.slice(at).find((step) => step.hypothesis !== undefined);
  const compared = score.hypothesis[following?.hypothesis ?? score.hypothesis.length - 1];
  return (words[compared?.from ?? -1]?.start ?? 0).toFixed(1);
}

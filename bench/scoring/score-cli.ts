import { readFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';
import { listErrors } from './list-errors.js';
import { readReference } from './references.js';
import { scoreWords, summariseStarts, type TimedWord } from './word-starts.js';

/** node dist/bench/scoring/score-cli.js hypothesis.json reference.json */
const [hypothesisPath, referencePath] = argv.slice(2);
if (hypothesisPath === undefined || referencePath === undefined) {
  stdout.write(
    'Usage: score-cli.js HYPOTHESIS.json REFERENCE.json\n' +
      'HYPOTHESIS.json: {"words": [{"text" or "word", "start", "end"}]}; REFERENCE.json: as in the evaluation data.\n',
  );
  process.exit(2);
}

const parsed = JSON.parse(readFileSync(hypothesisPath, 'utf8')) as {
  words: { text?: string; word?: string; start: number; end: number }[];
};
const words: TimedWord[] = parsed.words.map(({ text, word, start, end }) => ({
  text: text ?? word ?? '',
  start,
  end,
}));
const score = scoreWords(readReference(referencePath).turns, words);
const { rate, substitutions, deletions, insertions, referenceWords } = score.words;
const { median, p90, count } = summariseStarts(score.starts);
const worst = [...score.starts]
  .sort((one, other) => Math.abs(other.errorSeconds) - Math.abs(one.errorSeconds))
  .slice(0, 8)
  .map(
    (start) =>
      `  ${start.turn.start.toFixed(2)} s ${start.errorSeconds.toFixed(3)} ${start.turn.text}\n`,
  );

stdout.write(
  [
    `WER ${rate.toFixed(4)} (${substitutions} S, ${deletions} D, ${insertions} I of ${referenceWords} words)\n`,
    ...listErrors(score, words).map((line) => `  ${line}\n`),
    `word starts: median ${median.toFixed(3)} s, p90 ${p90.toFixed(3)} s, ${count} of ${score.clearTurns} turns matched; furthest off:\n`,
    ...worst,
  ].join(''),
);

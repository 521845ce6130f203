import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { assertUnharmed, reportOf } from '../support/hostile/corpus-facts.js';
import { type CorpusRun, runCorpus } from '../support/hostile/run-corpus.js';

/** Processes and their memory are seen through /proc here. */
const skip = process.platform === 'linux' ? false : 'needs /proc';

const LEAST_FILES = 2000;

describe('a gateway that is sent thousands of hostile files', { skip }, () => {
  let run: CorpusRun;

  before(async () => {
    // Fields of one kind are many, and what one of them does its neighbours do.
    const shares = { sizes: 4, cuts: 2, formats: 2, flips: 2 };
    run = await runCorpus({ shares, maxAudioSeconds: 600 });
    console.log(reportOf(run));
  });

  it('is sent enough of them', () => {
    assert.ok(run.answers.files >= LEAST_FILES, `${run.answers.files} files`);
  });

  assertUnharmed(() => run);
});

import { before, describe } from 'node:test';
import { assertUnharmed, reportOf } from '../support/hostile/corpus-facts.js';
import { type CorpusRun, runCorpus } from '../support/hostile/run-corpus.js';

/** Processes and their memory are seen through /proc here. */
const skip = process.platform === 'linux' ? false : 'needs /proc';

/** Some of every family; `npm run test:load` sends thousands. */
const SHARES = {
  cuts: 75,
  flips: 60,
  runs: 60,
  shuffles: 40,
  sizes: 150,
  formats: 60,
  magics: 30,
  glued: 40,
  'not media': 5,
  decorations: 5,
  nesting: 5,
  silence: 5,
  holes: 5,
  tables: 5,
  playlists: 9,
  references: 7,
  disguised: 8,
};

describe('a gateway that is sent hostile files', { skip }, () => {
  let run: CorpusRun;

  before(async () => {
    run = await runCorpus({ shares: SHARES, maxAudioSeconds: 60 });
    console.log(reportOf(run));
  });

  assertUnharmed(() => run);
});

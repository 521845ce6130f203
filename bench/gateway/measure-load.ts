import { note } from '../report/progress.js';
import { type MemoryPeaks, watchMemory } from '../support/process-memory.js';
import { postAudio } from './post-audio.js';

export type LoadRound = {
  readonly answered: number;
  /** Turned away as the contract wants it: 429 or 503 with Retry-After. */
  readonly turnedAway: number;
  /** Anything else. */
  readonly failed: number;
  /** Of the answered ones, milliseconds. */
  readonly elapsedMs: readonly number[];
  readonly memory: MemoryPeaks;
};

/** So many clients send the same clip at the same moment, each once, round after round. */
export async function measureLoad(options: {
  readonly url: string;
  /** Of the server: its memory and that of everything below it is watched. */
  readonly pid: number;
  readonly path: string;
  readonly clients: number;
  readonly rounds: number;
}): Promise<LoadRound[]> {
  const { url, pid, path, clients, rounds } = options;
  const results: LoadRound[] = [];
  for (let round = 1; round <= rounds; round++) {
    note(`gateway: ${clients} clients at once, round ${round} of ${rounds}`);
    const watch = watchMemory({ rootPid: pid });
    const answers = await Promise.all(
      Array.from({ length: clients }, () => postAudio({ url, path })),
    );
    const answered = answers.filter(({ status, body }) => status === 200 && body.includes('text'));
    const turnedAway = answers.filter(
      ({ status, retryAfter }) => (status === 429 || status === 503) && retryAfter !== null,
    );
    results.push({
      answered: answered.length,
      turnedAway: turnedAway.length,
      failed: clients - answered.length - turnedAway.length,
      elapsedMs: answered.map(({ elapsedMs }) => elapsedMs),
      memory: watch.stop(),
    });
  }
  return results;
}

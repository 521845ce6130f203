import { note } from '../report/progress.js';
import type { OpenPipeline } from '../support/open-pipeline.js';
import { postAudio } from './post-audio.js';

/** Milliseconds, one of each for every repetition. */
export type Overhead = {
  readonly totalMs: readonly number[];
  readonly decodingMs: readonly number[];
  readonly engineMs: readonly number[];
};

/** Runs before any is counted: caches, connections, and a decoder that stands ready. */
const WARM_UP = 5;
const RUNS_FOR_EACH_REPETITION = 20;

/**
 * A short clip over HTTP to a running server, and in turn with it the same decoding and the same engine calls without a
 * server. What is left when both are taken off the total is what the gateway adds.
 */
export async function measureOverhead(options: {
  readonly url: string;
  readonly pipeline: OpenPipeline;
  /** A file of about a second. */
  readonly path: string;
  readonly repetitions: number;
}): Promise<Overhead> {
  const { url, pipeline, path, repetitions } = options;
  note('gateway: overhead of a short clip');
  const totalMs: number[] = [];
  const decodingMs: number[] = [];
  const engineMs: number[] = [];
  const runs = WARM_UP + repetitions * RUNS_FOR_EACH_REPETITION;
  for (let run = 0; run < runs; run++) {
    const total = await timed(async () => {
      const { status } = await postAudio({ url, path, fields: { response_format: 'json' } });
      if (status !== 200) throw new Error(`The server answered ${status}.`);
    });
    const [decoding, samples] = await timedWith(() => pipeline.decode(path));
    const engine = await timed(async () => {
      const spans = await pipeline.speech.detect(samples);
      if (spans.length === 0) throw new Error('There is no speech in the clip.');
      await pipeline.speech.recognise([{ samples }], {});
    });
    if (run < WARM_UP) continue;
    totalMs.push(total);
    decodingMs.push(decoding);
    engineMs.push(engine);
  }
  return { totalMs, decodingMs, engineMs };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  return (await timedWith(work))[0];
}

async function timedWith<Result>(work: () => Promise<Result>): Promise<[number, Result]> {
  const startedAt = performance.now();
  const result = await work();
  return [performance.now() - startedAt, result];
}

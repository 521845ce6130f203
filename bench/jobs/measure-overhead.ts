import { postAudio } from '../gateway/post-audio.js';
import { note } from '../report/progress.js';
import { createJob, jobEvents, jobResult } from './client.js';

/** Milliseconds of the same recording both ways, in turn. */
export type Overhead = { readonly directMs: readonly number[]; readonly jobMs: readonly number[] };

/** A minute of audio, answered directly and as a job: made, waited for by its events, and its result fetched. */
export async function measureOverhead(options: {
  readonly url: string;
  readonly path: string;
  readonly repetitions: number;
}): Promise<Overhead> {
  const { url, path, repetitions } = options;
  const direct = async (): Promise<{ ms: number; text: string }> => {
    const { status, body, elapsedMs } = await postAudio({ url, path });
    if (status !== 200) throw new Error(`The server answered with ${status}: ${body}`);
    return { ms: elapsedMs, text: textOf(body) };
  };
  const asJob = async (): Promise<{ ms: number; text: string }> => {
    const startedAt = performance.now();
    const { id } = await createJob({ url }, { path });
    await jobEvents({ url }, id);
    const body = await jobResult({ url }, id);
    return { ms: performance.now() - startedAt, text: textOf(body) };
  };
  // The first of each is not counted: engines and disk are cold.
  await direct();
  await asJob();
  const directMs: number[] = [];
  const jobMs: number[] = [];
  for (let round = 1; round <= repetitions; round++) {
    note(`jobs: a minute of audio, both ways, ${round} of ${repetitions}`);
    const [first, second] = [await direct(), await asJob()];
    if (first.text !== second.text) throw new Error('A job gave another text than the request.');
    directMs.push(first.ms);
    jobMs.push(second.ms);
  }
  return { directMs, jobMs };
}

function textOf(body: string): string {
  return (JSON.parse(body) as { text: string }).text;
}

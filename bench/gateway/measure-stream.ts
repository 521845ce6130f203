import { note } from '../report/progress.js';
import { postAudio } from './post-audio.js';

export type StreamRun = { readonly firstMs: number; readonly totalMs: number };

/** What the first words of a stream are known by. */
const FIRST = {
  json: '"transcript.text.delta"',
  diarized_json: '"transcript.text.segment"',
} as const;

/** A recording as a stream, again and again: when its first words come, and when all have. */
export async function measureStream(options: {
  readonly url: string;
  readonly path: string;
  readonly format: keyof typeof FIRST;
  readonly repetitions: number;
}): Promise<StreamRun[]> {
  const { url, path, format, repetitions } = options;
  const runs: StreamRun[] = [];
  for (let run = 1; run <= repetitions; run++) {
    note(`gateway: stream of ${format}, ${run} of ${repetitions}`);
    const { status, body, firstMs, elapsedMs } = await postAudio({
      url,
      path,
      fields: { stream: 'true', response_format: format },
      firstText: FIRST[format],
    });
    if (status !== 200 || firstMs === undefined || !body.includes('"transcript.text.done"'))
      throw new Error(`The stream of ${format} was not one: status ${status}.`);
    runs.push({ firstMs, totalMs: elapsedMs });
  }
  return runs;
}

import { setMaxListeners } from 'node:events';
import { readRecording } from '#services/transcription/read-recording.js';
import { recogniseWindow } from '#services/transcription/recognise-window.js';
import { type RecognisedStep, TranscriptDraft } from '#services/transcription/transcript-draft.js';
import type { Word } from '#utils/transcript/types.js';
import type { OpenPipeline } from '../support/open-pipeline.js';

/** What two neighbouring chunks share; seconds of the recording. */
export type Seam = { readonly from: number; readonly to: number };

/** A recording that was recognised in chunks. */
export type RecognisedChunks = {
  readonly seams: readonly Seam[];
  /** As the pipeline joins them. */
  readonly joined: readonly Word[];
  /** At every seam all of the overlap as the chunk before it has it, … */
  readonly earlier: readonly Word[];
  /** … and as the one after it has it. */
  readonly later: readonly Word[];
};

const WINDOWS_IN_FLIGHT = 3;

/** Recognises and joins as the pipeline does, and keeps what each chunk said by itself. */
export async function recogniseInChunks({
  path,
  pipeline,
  chunkSeconds,
}: {
  path: string;
  pipeline: OpenPipeline;
  chunkSeconds: number;
}): Promise<RecognisedChunks> {
  const steps = await recognisedSteps({ path, pipeline, chunkSeconds });
  const draft = new TranscriptDraft();
  for (const step of steps) draft.add(step);
  const chunks: Word[][] = [];
  const seams: Seam[] = [];
  for (const { step, segments } of steps) {
    if (step.type === 'window') {
      const words = segments.flatMap((segment) => segment.words);
      const { index } = step.chunk;
      chunks[index] = [...(chunks[index] ?? []), ...words];
    } else if (step.nextStart !== undefined) seams.push({ from: step.nextStart, to: step.end });
  }
  return {
    seams,
    joined: draft.segments.flatMap(({ words }) => words),
    earlier: switched(
      chunks,
      seams.map(({ to }) => to),
    ),
    later: switched(
      chunks,
      seams.map(({ from }) => from),
    ),
  };
}

async function recognisedSteps({
  path,
  pipeline,
  chunkSeconds,
}: {
  path: string;
  pipeline: OpenPipeline;
  chunkSeconds: number;
}): Promise<RecognisedStep[]> {
  const { decoder, speech, settings } = pipeline;
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const { chunkOverlapSeconds } = settings;
  const deps = { decoder, speech, chunkSeconds, chunkOverlapSeconds };
  const steps: Promise<RecognisedStep>[] = [];
  for await (const step of readRecording({ path, deps, signal, onOpen: () => {} })) {
    steps.push(
      step.type === 'window'
        ? recogniseWindow(step.window, { speech, hints: {}, signal }).then((segments) => ({
            // Hours of samples would add up.
            step: { ...step, window: { ...step.window, samples: new Int16Array(0) } },
            segments,
          }))
        : Promise.resolve({ step, segments: [] }),
    );
    await steps.at(-WINDOWS_IN_FLIGHT);
  }
  return Promise.all(steps);
}

/** The words of all chunks, with the change from each to the next at a given second. */
function switched(chunks: readonly (readonly Word[])[], seconds: readonly number[]): Word[] {
  return chunks.flatMap((words, index) => {
    const from = seconds[index - 1] ?? Number.NEGATIVE_INFINITY;
    const to = seconds[index] ?? Number.POSITIVE_INFINITY;
    return words.filter(({ start, end }) => (start + end) / 2 >= from && (start + end) / 2 < to);
  });
}

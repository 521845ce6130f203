import { describeEnvironment } from '../report/environment.js';
import { loadReferences } from '../scoring/references.js';
import { openPipeline } from '../support/open-pipeline.js';
import { measureAgreement } from './measure-agreement.js';
import { measureDelay } from './measure-delay.js';
import { measureSessions } from './measure-sessions.js';
import { type RealtimeFigures, reportRealtime } from './report.js';

export const REALTIME_PARTS = ['delay', 'sessions', 'speakers'] as const;
export type RealtimePart = (typeof REALTIME_PARTS)[number];

export type RealtimeBenchOptions = {
  /** Sentences whose delay is measured. */
  readonly sentences: number;
  /** Sessions at once. */
  readonly sessions: number;
  readonly only?: RealtimePart;
};

/** Prints how live transcription keeps up: see `npm run bench -- realtime --help`. */
export async function runRealtimeBench(options: RealtimeBenchOptions): Promise<void> {
  const { sentences, sessions, only } = options;
  const environment = describeEnvironment();
  const { references, source } = loadReferences();
  const pipeline = await openPipeline();
  try {
    const wants = (part: RealtimePart) => only === undefined || only === part;
    const recordings: Int16Array[] = [];
    for (const { audio } of references) recordings.push(await pipeline.decode(audio));
    const figures: RealtimeFigures = {
      complete: source === 'eval',
      ...(wants('delay') && { delay: await measureDelay(pipeline, recordings, sentences) }),
      ...(wants('sessions') && {
        sessions: await measureSessions(pipeline, recordings, sessions),
      }),
      ...(wants('speakers') && { agreements: await measureAgreement(pipeline, references) }),
    };
    process.stdout.write(`${reportRealtime(environment, figures)}\n`);
  } finally {
    await pipeline.close();
  }
}

import { formatDuration } from '../progress.js';
import { explain } from '../report-failure.js';
import type { Board } from './board.js';
import type { Recording } from './find-recordings.js';
import type { OutputNames, OutputPaths } from './output-names.js';
import { type RunRecordingOptions, runRecording } from './run-recording.js';
import { ServerError } from './server-client.js';
import type { FileOutcome } from './summary.js';

export type BatchOptions = Pick<
  RunRecordingOptions,
  'formats' | 'fields' | 'isForced' | 'client' | 'signal'
> & {
  /** Absent: transcripts go to stdout. */
  readonly names: OutputNames | undefined;
  /** How many are worked on at the same time. */
  readonly jobs: number;
  readonly board: Board;
};

type Task = { readonly recording: Recording; readonly paths: OutputPaths | undefined };

/** Recordings on their way through a server, a few at a time; more may come at any moment. */
export class Batch {
  readonly #options: BatchOptions;
  readonly #waiting: Task[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #outcomes: FileOutcome[] = [];
  #added = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  /** What came of those that are done with, in the order of their ends. */
  get outcomes(): readonly FileOutcome[] {
    return this.#outcomes;
  }

  add(recordings: readonly Recording[]): void {
    const paths = this.#options.names?.allot(recordings);
    this.#waiting.push(
      ...recordings.map((recording, index) => ({ recording, paths: paths?.[index] })),
    );
    this.#added += recordings.length;
    this.#fill();
  }

  /** A folder cannot be read: nobody knows what is in it, so that not all is well. */
  addProblem(path: string, error: unknown): void {
    if (this.#outcomes.some(({ file }) => file === path)) return;
    this.#added += 1;
    this.#settle(path, { file: path, status: 'failed', error: errorOf(error) });
  }

  /** Resolves when there is nothing left to do, or the signal has ended it. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #fill(): void {
    const { jobs, board, signal } = this.#options;
    board.total(this.#outcomes.length, this.#added);
    while (this.#waiting.length > 0 && (this.#running.size < jobs || signal.aborted)) {
      const task = this.#waiting.shift() as Task;
      if (signal.aborted) {
        this.#outcomes.push({ file: task.recording.path, status: 'interrupted' });
        continue;
      }
      const run = this.#run(task).finally(() => {
        this.#running.delete(run);
        this.#fill();
      });
      this.#running.add(run);
    }
  }

  async #run({ recording, paths }: Task): Promise<void> {
    const { board, signal } = this.#options;
    const { path: file, label } = recording;
    const row = board.begin(label);
    const startMs = performance.now();
    const took = () => Math.round(performance.now() - startMs) / 1000;
    const outputs = paths === undefined ? {} : { outputs: Object.fromEntries(paths) };
    try {
      const finished = await runRecording({ ...this.#options, recording, paths, row });
      row.end();
      this.#settle(label, { file, ...finished, ...outputs, took: took() });
    } catch (error) {
      row.end();
      if (signal.aborted) this.#settle(label, { file, status: 'interrupted' });
      else this.#settle(label, { file, status: 'failed', error: errorOf(error), took: took() });
    }
  }

  #settle(label: string, outcome: FileOutcome): void {
    this.#outcomes.push(outcome);
    const line = lineOf(outcome);
    if (line !== undefined) this.#options.board.say(`${label}: ${line}`);
  }
}

/** What is said about it at once; what was skipped is only counted, as there may be thousands. */
function lineOf({ status, error, duration, took = 0, outputs }: FileOutcome): string | undefined {
  if (status === 'failed') return error?.message;
  if (status !== 'completed') return undefined;
  const length = duration === undefined ? '' : `${formatDuration(duration)} `;
  const places = outputs === undefined ? '' : ` → ${Object.values(outputs).join(', ')}`;
  return `${length}in ${took.toFixed(1)} s${places}`;
}

function errorOf(error: unknown): NonNullable<FileOutcome['error']> {
  if (error instanceof ServerError) return { code: error.code, message: error.message };
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== undefined) {
    return { code, message: `${path ?? 'it'} cannot be read or written (${code}).` };
  }
  return { code: null, message: explain(error) };
}

import { rename, writeFile } from 'node:fs/promises';
import { UsageError } from '../report-failure.js';

/** What came of one file. */
export type FileOutcome = {
  /** Absolute path. */
  readonly file: string;
  readonly status: 'completed' | 'skipped' | 'failed' | 'interrupted';
  /** Id of its job, where there is one. */
  readonly job?: string;
  /** Seconds of the recording. */
  readonly duration?: number;
  /** Seconds that it took here. */
  readonly took?: number;
  /** Its transcripts by format. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly error?: { readonly code: string | null; readonly message: string };
};

export type Counts = Readonly<Record<FileOutcome['status'], number>>;

export function countOutcomes(files: readonly FileOutcome[]): Counts {
  const counts = { completed: 0, skipped: 0, failed: 0, interrupted: 0 };
  for (const { status } of files) counts[status] += 1;
  return counts;
}

/**
 * Writes what came of all files, as JSON that is whole at any time.
 * @throws UsageError when it cannot be written
 */
export async function writeSummary(
  path: string,
  about: {
    readonly server: string;
    readonly startedAt: Date;
    readonly files: readonly FileOutcome[];
  },
): Promise<void> {
  const { server, startedAt, files } = about;
  const summary = {
    server,
    started_at: startedAt.toISOString(),
    ended_at: new Date().toISOString(),
    total: files.length,
    ...countOutcomes(files),
    audio_seconds: files.reduce((sum, { duration = 0 }) => sum + duration, 0),
    files,
  };
  try {
    await writeFile(`${path}.part`, `${JSON.stringify(summary, null, 2)}\n`);
    await rename(`${path}.part`, path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new UsageError(
      `${path} cannot be written (${code ?? message}). Give --summary another file.`,
      { cause },
    );
  }
}

import { mkdir } from 'node:fs/promises';
import { loadSettings } from '#config/settings.js';
import type { SpeechTask } from '#services/asr/types.js';
import type { EnhancedFor } from '#services/enhance/types.js';
import type { ResponseFormat } from '#utils/formats/index.js';
import type { EnhanceChoice } from '../routes/enhance-fields.js';
import { createRuntime } from '../runtime.js';
import { createCliLogger } from './cli-logger.js';
import { outputPaths } from './output-paths.js';
import { readRequest } from './read-request.js';
import { say } from './say.js';
import type { SpeakerWishes } from './speaker-flags.js';
import { onStopSignal } from './stop-signals.js';
import { type Job, runJob } from './transcribe-job.js';

export type TranscribeFilesOptions = {
  readonly files: readonly string[];
  /** At least one; several only with `outputDir`. */
  readonly formats: readonly ResponseFormat[];
  /** Absent: transcripts go to stdout. */
  readonly outputDir?: string | undefined;
  /** As the user wrote it: code or name. */
  readonly language?: string | undefined;
  readonly model?: string | undefined;
  readonly task: SpeechTask;
  /** Absent: as the settings say. */
  readonly enhance?: EnhanceChoice | undefined;
  readonly enhanceFor?: EnhancedFor | undefined;
  /** Numbers in figures, or in words; absent: as the settings say. */
  readonly inverseNormalisation?: boolean | undefined;
  readonly prompt?: string | undefined;
  /** Names and rare words that are likely to be said. */
  readonly keywords?: readonly string[] | undefined;
  /** Near misses of them are corrected where the model cannot be told words; absent: as the settings say. */
  readonly spellingCorrection?: boolean | undefined;
  readonly speakers: SpeakerWishes;
};

/**
 * Transcribes files one after another (each uses all engines) and goes on after one that fails.
 * Ctrl-C ends the one being worked on and leaves no process and no temporary file.
 * @returns the exit code: 0, 1 when any file failed, 130 when interrupted
 * @throws SettingsError, UsageError or WhosaidError when nothing can be transcribed at all
 */
export async function transcribeFiles(options: TranscribeFilesOptions): Promise<number> {
  const settings = loadSettings(undefined, { MODEL: options.model });
  const logger = createCliLogger(settings);
  const controller = new AbortController();
  const { signal } = controller;
  const restoreSignals = onStopSignal(() => controller.abort(new Error('interrupted')));
  try {
    const { request, recogniser, by } = await readRequest({ options, settings, logger });
    if (options.outputDir !== undefined) await mkdir(options.outputDir, { recursive: true });
    // What every file needs is loaded at the start, and nothing else.
    const speakerDiarization = by === 'voices' ? 'always' : 'never';
    const runtime = createRuntime({
      settings: { ...settings, model: recogniser.first.entry.id, speakerDiarization },
      logger,
    });
    try {
      await runtime.manager.start();
      const jobs = planJobs(options);
      let failed = 0;
      for (const job of jobs) {
        if (signal.aborted) break;
        const { formats } = options;
        const work = { job, formats, request, recogniser, runtime, settings, signal };
        if (!(await runJob(work))) failed += 1;
      }
      if (signal.aborted) return 130;
      if (failed > 0 && jobs.length > 1) say(`${failed} of ${jobs.length} files failed`);
      return failed > 0 ? 1 : 0;
    } finally {
      await runtime.dispose();
    }
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  } finally {
    restoreSignals();
  }
}

function planJobs({ files, formats, outputDir }: TranscribeFilesOptions): Job[] {
  if (outputDir === undefined) return files.map((file) => ({ file, paths: undefined }));
  return outputPaths({ files, formats, outputDir }).map((paths, index) => ({
    file: files[index] as string,
    paths,
  }));
}

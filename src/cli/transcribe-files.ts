import { mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { loadSettings, type Settings } from '#config/settings.js';
import { createWinstonLogger } from '#services/logging/winston-logger.js';
import { resolveModel } from '#services/model-manager/aliases.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { type ResponseFormat, renderTranscript } from '#utils/formats/index.js';
import { languageName, parseLanguage } from '#utils/languages/languages.js';
import type { Transcript } from '#utils/transcript/types.js';
import { checkLanguage } from '../routes/language-check.js';
import { createRuntime, type Runtime } from '../runtime.js';
import { outputPaths } from './output-paths.js';
import { createProgress, formatDuration } from './progress.js';
import { explain } from './report-failure.js';
import { onStopSignal } from './stop-signals.js';
import { transcribeOne } from './transcribe-one.js';

export type TranscribeFilesOptions = {
  readonly files: readonly string[];
  /** At least one; several only with `outputDir`. */
  readonly formats: readonly ResponseFormat[];
  /** Absent: transcripts go to stdout. */
  readonly outputDir?: string | undefined;
  /** As the user wrote it: code or name. */
  readonly language?: string | undefined;
  readonly model?: string | undefined;
};

type Job = {
  readonly file: string;
  readonly paths: ReadonlyMap<ResponseFormat, string> | undefined;
};

/**
 * Transcribes files one after another (each uses all engines) and goes on after one that fails.
 * Ctrl-C ends the one being worked on and leaves no process and no temporary file.
 * @returns the exit code: 0, 1 when any file failed, 130 when interrupted
 * @throws SettingsError or WhosaidError when nothing can be transcribed at all
 */
export async function transcribeFiles(options: TranscribeFilesOptions): Promise<number> {
  const language = readLanguage(options.language);
  const settings = loadSettings(undefined, { MODEL: options.model });
  // Warnings only: on a terminal the progress is the news.
  const level = settings.logLevel === 'info' ? 'warn' : settings.logLevel;
  const logger = createWinstonLogger({ level, format: settings.logFormat });
  const controller = new AbortController();
  const { signal } = controller;
  const restoreSignals = onStopSignal(() => controller.abort(new Error('interrupted')));
  const runtime = createRuntime({ settings, logger });
  try {
    if (options.outputDir !== undefined) await mkdir(options.outputDir, { recursive: true });
    const { entry, diarize } = await resolveModel(settings.model, {
      ...runtime,
      defaultModel: settings.model,
    });
    if (diarize) throw new WhosaidError('speakers_unsupported', { param: 'model' });
    await checkLanguage({ ...runtime, entry, language });
    await runtime.manager.start();
    const jobs = planJobs(options);
    let failed = 0;
    for (const job of jobs) {
      if (signal.aborted) break;
      if (!(await runJob({ job, language, runtime, settings, signal, options }))) failed += 1;
    }
    if (signal.aborted) return 130;
    if (failed > 0 && jobs.length > 1) say(`${failed} of ${jobs.length} files failed`);
    return failed > 0 ? 1 : 0;
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  } finally {
    await runtime.dispose();
    restoreSignals();
  }
}

function readLanguage(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '' || text.trim().toLowerCase() === 'auto')
    return undefined;
  const code = parseLanguage(text);
  if (code === undefined) throw new WhosaidError('language_unknown', { received: text });
  return code;
}

function planJobs({ files, formats, outputDir }: TranscribeFilesOptions): Job[] {
  if (outputDir === undefined) return files.map((file) => ({ file, paths: undefined }));
  return outputPaths({ files, formats, outputDir }).map((paths, index) => ({
    file: files[index] as string,
    paths,
  }));
}

type JobContext = {
  readonly job: Job;
  readonly language: string | undefined;
  readonly runtime: Runtime;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly options: TranscribeFilesOptions;
};

/** @returns false when the file failed, which has been said */
async function runJob(context: JobContext): Promise<boolean> {
  const { job, signal, options } = context;
  const label = basename(job.file);
  const progress = createProgress({ label, format: formatDuration, note: speedOf });
  const startMs = performance.now();
  try {
    const transcript = await transcribeOne({
      ...context,
      path: job.file,
      onProgress: progress.update,
    });
    progress.stop();
    await deliver({ transcript, job, formats: options.formats });
    const seconds = (performance.now() - startMs) / 1000;
    const where = job.paths === undefined ? '' : ` → ${[...job.paths.values()].join(', ')}`;
    say(
      `${label}: ${formatDuration(transcript.duration)} in ${seconds.toFixed(1)} s, ${speedOf(transcript.duration, seconds)}${where}`,
    );
    return true;
  } catch (error) {
    progress.stop();
    say(signal.aborted ? `${label}: interrupted` : `${label}: ${explain(error)}`);
    return false;
  }
}

async function deliver(result: {
  transcript: Transcript;
  job: Job;
  formats: readonly ResponseFormat[];
}): Promise<void> {
  const { transcript, job, formats } = result;
  for (const format of formats) {
    const { body } = renderTranscript(transcript, {
      format,
      granularities: ['word', 'segment'],
      languageName: languageName(transcript.language),
    });
    const text = body.endsWith('\n') ? body : `${body}\n`;
    const path = job.paths?.get(format);
    if (path === undefined) process.stdout.write(text);
    else await writeFile(path, text);
  }
}

function speedOf(audioSeconds: number, elapsedSeconds: number): string {
  return elapsedSeconds > 0 ? `${(audioSeconds / elapsedSeconds).toFixed(1)}x` : '';
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

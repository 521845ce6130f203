import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ResponseFormat, renderTranscript } from '#utils/formats/index.js';
import { languageName } from '#utils/languages/languages.js';
import type { Transcript } from '#utils/transcript/types.js';
import { voiceProblem } from './known-voices.js';
import { createProgress, formatDuration } from './progress.js';
import { explain } from './report-failure.js';
import { say } from './say.js';
import { type TranscribeOneOptions, transcribeOne } from './transcribe-one.js';

/** One input and where its transcripts go. */
export type Job = {
  readonly file: string;
  /** Absent: to stdout. */
  readonly paths: ReadonlyMap<ResponseFormat, string> | undefined;
};

export type RunJobOptions = Pick<
  TranscribeOneOptions,
  'request' | 'recogniser' | 'runtime' | 'settings'
> & {
  readonly job: Job;
  readonly formats: readonly ResponseFormat[];
  readonly signal: AbortSignal;
};

/**
 * Transcribes and delivers one input, telling on stderr how far it is and what became of it.
 * @returns false when the file failed, which has been said
 * @throws UsageError when no file can be transcribed like this, because of a known voice
 */
export async function runJob(options: RunJobOptions): Promise<boolean> {
  const { job, request, signal, formats } = options;
  const label = basename(job.file);
  const progress = createProgress({ label, format: formatDuration, note: speedOf });
  const startMs = performance.now();
  try {
    const { file: path } = job;
    const transcript = await transcribeOne({ ...options, path, onProgress: progress.update });
    progress.stop();
    await deliver({ transcript, job, formats, task: request.task });
    say(`${label}: ${summary(transcript, (performance.now() - startMs) / 1000)}${places(job)}`);
    return true;
  } catch (error) {
    progress.stop();
    if (signal.aborted) {
      say(`${label}: interrupted`);
      return false;
    }
    const problem = voiceProblem(error, request.speakers?.known ?? []);
    if (problem) throw problem;
    say(`${label}: ${explain(error)}`);
    return false;
  }
}

function summary({ duration, speakers }: Transcript, tookSeconds: number): string {
  const said = `${formatDuration(duration)} in ${tookSeconds.toFixed(1)} s, ${speedOf(duration, tookSeconds)}`;
  if (speakers === undefined) return said;
  return `${said}, ${speakers.length} ${speakers.length === 1 ? 'speaker' : 'speakers'}`;
}

function places({ paths }: Job): string {
  return paths === undefined ? '' : ` → ${[...paths.values()].join(', ')}`;
}

async function deliver(result: {
  transcript: Transcript;
  job: Job;
  formats: readonly ResponseFormat[];
  task: RunJobOptions['request']['task'];
}): Promise<void> {
  const { transcript, job, formats, task = 'transcribe' } = result;
  for (const format of formats) {
    const { body } = renderTranscript(transcript, {
      format,
      task,
      granularities: ['word', 'segment'],
      languageName: languageName(transcript.language),
      // Whoever asks for speakers here sees them in every format: no strict client reads this.
      speakerDetail: true,
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

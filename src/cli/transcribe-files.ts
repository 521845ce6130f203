import { mkdir } from 'node:fs/promises';
import { loadSettings, type Settings } from '#config/settings.js';
import type { SpeechTask } from '#services/asr/types.js';
import type { EnhancedFor } from '#services/enhance/types.js';
import { type ModelAliases, OPENAI_MODEL_IDS } from '#services/model-manager/aliases.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { ResponseFormat } from '#utils/formats/index.js';
import { parseLanguage } from '#utils/languages/languages.js';
import type { Logger } from '#utils/logging/logger.js';
import { chooseEnhancement } from '../choose-enhancement.js';
import { chooseNormalisation } from '../choose-normalisation.js';
import type { EnhanceChoice } from '../routes/enhance-fields.js';
import { checkLanguages } from '../routes/language-check.js';
import { requestModel } from '../routes/request-model.js';
import { createRuntime, openModels } from '../runtime.js';
import { createCliLogger } from './cli-logger.js';
import { decideSpeakers, type SpeakersBy } from './decide-speakers.js';
import { findVoices } from './known-voices.js';
import { outputPaths } from './output-paths.js';
import { say } from './say.js';
import type { SpeakerWishes } from './speaker-flags.js';
import { onStopSignal } from './stop-signals.js';
import { type Job, runJob } from './transcribe-job.js';
import type { TranscribeOneOptions } from './transcribe-one.js';
import { createVoiceStore } from './voice-store.js';

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
  readonly speakers: SpeakerWishes;
};

/** How one asks for a model here, for messages that name one. */
const MODEL_OPTION = 'use --model ';

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
    const { request, by, model } = await readRequest({ options, settings, logger });
    if (options.outputDir !== undefined) await mkdir(options.outputDir, { recursive: true });
    // What every file needs is loaded at the start, and nothing else.
    const speakerDiarization = by === 'voices' ? 'always' : 'never';
    const runtime = createRuntime({
      settings: { ...settings, model, speakerDiarization },
      logger,
    });
    try {
      await runtime.manager.start();
      const jobs = planJobs(options);
      let failed = 0;
      for (const job of jobs) {
        if (signal.aborted) break;
        const { formats } = options;
        if (!(await runJob({ job, formats, request, runtime, settings, signal }))) failed += 1;
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

/** What the pipeline is asked for, checked before anything is started. */
async function readRequest(context: {
  readonly options: TranscribeFilesOptions;
  readonly settings: Settings;
  readonly logger: Logger;
}): Promise<
  Pick<TranscribeOneOptions, 'request'> & { readonly by: SpeakersBy; readonly model: string }
> {
  const { options, settings, logger } = context;
  const language = readLanguage(options.language);
  const models = { ...openModels({ settings, logger }), modelOption: MODEL_OPTION };
  const { task } = options;
  const { entry, diarize } = await requestModel({
    id: askedModel(options, { settings, ...models }),
    task,
    languages: language === undefined ? [] : [language],
    logprobs: false,
    context: { ...models, defaultModel: settings.model },
  });
  await checkLanguages({
    ...models,
    entry,
    param: 'language',
    languages: language === undefined ? [] : [language],
  });
  const { speakers: wishes, formats } = options;
  const mode = settings.speakerDiarization;
  const by = decideSpeakers({ wishes, formats, modelAsks: diarize, mode });
  const { count, channels } = wishes;
  const known = await findVoices(wishes.known, createVoiceStore(settings.dataDir));
  const sound = { enhance: options.enhance, for: options.enhanceFor };
  const enhance = await chooseEnhancement(sound, { settings, ...models });
  const { told, outcome } = chooseNormalisation(options.inverseNormalisation, { settings, entry });
  if (outcome === 'unsupported')
    say(`${entry.id} cannot be told how to write numbers: they stay as it writes them`);
  return {
    by,
    model: entry.id,
    request: {
      task,
      ...told,
      ...(enhance && { enhance }),
      ...(language !== undefined && { language }),
      ...(by === 'voices' && { speakers: { ...(count !== undefined && { count }), known } }),
      ...(by === 'channels' && channels !== undefined && { channels }),
    },
  };
}

/** Who named no model and wants a translation leaves the choice open, as an id of OpenAI's does for the server. */
function askedModel(
  { model, task }: TranscribeFilesOptions,
  { settings, aliases }: { readonly settings: Settings; readonly aliases: ModelAliases },
): string {
  if (model !== undefined || task === 'transcribe') return settings.model;
  return OPENAI_MODEL_IDS.find((id) => !aliases.has(id)) ?? settings.model;
}

function readLanguage(text: string | undefined): string | undefined {
  if (text === undefined || text.trim() === '' || text.trim().toLowerCase() === 'auto')
    return undefined;
  const code = parseLanguage(text);
  if (code === undefined)
    throw new WhosaidError('language_unknown', { param: 'language', received: text });
  return code;
}

function planJobs({ files, formats, outputDir }: TranscribeFilesOptions): Job[] {
  if (outputDir === undefined) return files.map((file) => ({ file, paths: undefined }));
  return outputPaths({ files, formats, outputDir }).map((paths, index) => ({
    file: files[index] as string,
    paths,
  }));
}

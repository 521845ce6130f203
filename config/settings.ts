import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseDotenv } from 'dotenv';
import type { z } from 'zod';
import { settingsSchema } from './definitions.js';
import { projectRoot } from './root.js';
import type { SettingAbout } from './setting.js';

type Values = z.output<typeof settingsSchema>;

/** Every setting, read and checked once at the start and passed down from there. */
export type Settings = {
  readonly host: Values['HOST'];
  /** 0 means any free port. */
  readonly port: Values['PORT'];
  readonly model: Values['MODEL'];
  readonly aliases: Values['ALIASES'];
  readonly asrHosts: Values['ASR_HOSTS'];
  readonly asrThreads: Values['ASR_THREADS'];
  readonly speakerHosts: Values['SPEAKER_HOSTS'];
  readonly speakerThreads: Values['SPEAKER_THREADS'];
  readonly chunkSeconds: Values['CHUNK_SECONDS'];
  readonly chunkOverlapSeconds: Values['CHUNK_OVERLAP_SECONDS'];
  /** Absolute path, like the two after it. */
  readonly tempDir: Values['TEMP_DIR'];
  readonly dataDir: Values['DATA_DIR'];
  readonly modelsDir: Values['MODELS_DIR'];
  readonly maxUploadBytes: Values['MAX_UPLOAD_BYTES'];
  readonly maxAudioSeconds: Values['MAX_AUDIO_SECONDS'];
  readonly speakerDiarization: Values['ENABLE_SPEAKER_DIARIZATION'];
  readonly preloadModels: Values['PRELOAD_MODELS'];
  /** null: half of what there is. */
  readonly modelMemory: Values['MODEL_MEMORY'];
  readonly adminKeys: Values['ADMIN_KEYS'];
  readonly device: Values['DEVICE'];
  /** null for none. */
  readonly gpuMemoryLimit: Values['GPU_MEMORY_LIMIT'];
  readonly enhance: Values['ENHANCE'];
  readonly enhanceFor: Values['ENHANCE_FOR'];
  /** Ids; null: the first that is installed. */
  readonly denoiseModel: Values['DENOISE_MODEL'];
  readonly vocalsModel: Values['VOCALS_MODEL'];
  readonly vocalSeparation: Values['ENABLE_VOCAL_SEPARATION'];
  readonly punctuationRestoration: Values['ENABLE_PUNCTUATION_RESTORATION'];
  readonly inverseNormalisation: Values['ENABLE_INVERSE_TEXT_NORMALIZATION'];
  readonly spellingCorrection: Values['ENABLE_SPELLING_CORRECTION'];
  readonly asrWebserviceApi: Values['ENABLE_ASR_WEBSERVICE_API'];
  readonly whisperCppApi: Values['ENABLE_WHISPER_CPP_API'];
  readonly webPage: Values['ENABLE_WEB_PAGE'];
  readonly apiKeys: Values['API_KEYS'];
  /** Absolute path; null for none. */
  readonly apiKeysFile: Values['API_KEYS_FILE'];
  readonly publicPaths: Values['PUBLIC_PATHS'];
  readonly corsOrigins: Values['CORS_ORIGINS'];
  readonly allowedHosts: Values['ALLOWED_HOSTS'];
  readonly trustProxy: Values['TRUST_PROXY'];
  /** 0 is no limit. */
  readonly rateLimitRequests: Values['RATE_LIMIT_REQUESTS'];
  readonly rateLimitWindowSeconds: Values['RATE_LIMIT_WINDOW_SECONDS'];
  readonly maxConcurrentRequests: Values['MAX_CONCURRENT_REQUESTS'];
  readonly maxQueuedRequests: Values['MAX_QUEUED_REQUESTS'];
  readonly maxQueueSeconds: Values['MAX_QUEUE_SECONDS'];
  /** 0 is no limit. */
  readonly maxRequestsPerClient: Values['MAX_REQUESTS_PER_CLIENT'];
  /** null for none. */
  readonly queueUrl: Values['QUEUE_URL'];
  readonly jobConcurrency: Values['JOB_CONCURRENCY'];
  /** 0 keeps them until they are deleted. */
  readonly jobRetentionHours: Values['JOB_RETENTION_HOURS'];
  readonly maxJobs: Values['MAX_JOBS'];
  readonly maxJobBytes: Values['MAX_JOB_BYTES'];
  readonly jobUrls: Values['ENABLE_JOB_URLS'];
  readonly allowPrivateAddresses: Values['ALLOW_PRIVATE_ADDRESSES'];
  /** null for none. */
  readonly webhookUrl: Values['WEBHOOK_URL'];
  /** null: the one in DATA_DIR. */
  readonly webhookSecret: Values['WEBHOOK_SECRET'];
  /** 0 keeps none. */
  readonly resultCacheBytes: Values['RESULT_CACHE_BYTES'];
  /** null: a folder in DATA_DIR. */
  readonly blobUrl: Values['BLOB_URL'];
  readonly maxRealtimeSessions: Values['MAX_REALTIME_SESSIONS'];
  /** 0 is no limit. */
  readonly maxRealtimeSessionsPerClient: Values['MAX_REALTIME_SESSIONS_PER_CLIENT'];
  readonly realtimeSessionSeconds: Values['REALTIME_SESSION_SECONDS'];
  readonly realtimeIdleSeconds: Values['REALTIME_IDLE_SECONDS'];
  readonly realtimeBufferSeconds: Values['REALTIME_BUFFER_SECONDS'];
  /** null: the one in DATA_DIR. */
  readonly realtimeSecret: Values['REALTIME_SECRET'];
  readonly maxTempBytes: Values['MAX_TEMP_BYTES'];
  /** null: as much as the model needs and a margin. */
  readonly engineMemoryLimit: Values['ENGINE_MEMORY_LIMIT'];
  readonly engineStallSeconds: Values['ENGINE_STALL_SECONDS'];
  readonly shutdownGraceSeconds: Values['SHUTDOWN_GRACE_SECONDS'];
  /** 0 never warns. */
  readonly slowRequestSeconds: Values['SLOW_REQUEST_SECONDS'];
  readonly logLevel: Values['LOG_LEVEL'];
  readonly logFormat: Values['LOG_FORMAT'];
};

/** All that is wrong with the settings, one line each in `message`. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings are not usable:\n${problems.map((line) => `  - ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads all settings. Without an argument: from the environment, and from `.env` in the clone for what the
 * environment leaves unset. With one: from exactly that. An empty value counts as unset. `overrides` (a command line's
 * options, by variable name) win over both.
 * @throws SettingsError naming every wrong variable, what it held and what is expected.
 */
export function loadSettings(env?: Environment, overrides: Environment = {}): Settings {
  const base = env === undefined ? { ...readDotenv(), ...present(process.env) } : present(env);
  const source = { ...base, ...present(overrides) };
  const { values, problems } = readValues(source);
  if (values === undefined) throw new SettingsError(problems);
  return Object.fromEntries(
    settingNames.map((name) => [aboutSetting(name).field, values[name]]),
  ) as Settings;
}

export type SettingName = keyof Values;

/** Names of all variables in the order of the documentation. */
export const settingNames = Object.keys(settingsSchema.shape) as SettingName[];

/** What the schema says about a variable. */
export function aboutSetting(name: SettingName): SettingAbout {
  return settingsSchema.shape[name].meta() as unknown as SettingAbout;
}

function readValues(source: Record<string, string>): { values?: Values; problems: string[] } {
  // The name under which each setting was found: its own or its alias.
  const nameUsed = (name: SettingName): string => {
    const { alias } = aboutSetting(name);
    return source[name] === undefined && alias !== undefined && alias in source ? alias : name;
  };
  const input = Object.fromEntries(settingNames.map((name) => [name, source[nameUsed(name)]]));
  const result = settingsSchema.safeParse(input);
  if (!result.success) {
    return {
      problems: result.error.issues.map(({ path }) => {
        const name = path[0] as SettingName;
        const { expected, isSecret } = aboutSetting(name);
        if (isSecret) return `${name} cannot be used; expected ${expected}`;
        return wrongValue(nameUsed(name), source[nameUsed(name)], expected);
      }),
    };
  }
  const problems = [overlapProblem, speakerModelProblem]
    .map((problemOf) => problemOf(result.data))
    .filter((problem) => problem !== undefined);
  return problems.length === 0 ? { values: result.data, problems } : { problems };
}

function overlapProblem(values: Values): string | undefined {
  if (values.CHUNK_OVERLAP_SECONDS <= values.CHUNK_SECONDS / 2) return undefined;
  return wrongValue(
    'CHUNK_OVERLAP_SECONDS',
    String(values.CHUNK_OVERLAP_SECONDS),
    `at most half of CHUNK_SECONDS, which is ${values.CHUNK_SECONDS}`,
  );
}

/** A default model that means labels for every request would refuse every request where labels are switched off. */
function speakerModelProblem({ MODEL, ENABLE_SPEAKER_DIARIZATION }: Values): string | undefined {
  if (!MODEL.endsWith('-diarize') || ENABLE_SPEAKER_DIARIZATION !== 'never') return undefined;
  const plain = MODEL.slice(0, -'-diarize'.length);
  const expected = `${plain}: ENABLE_SPEAKER_DIARIZATION is "never", and this id asks for speakers`;
  return wrongValue('MODEL', MODEL, expected);
}

function wrongValue(name: string, got: string | undefined, expected: string): string {
  return `${name} is ${JSON.stringify(got)}; expected ${expected}`;
}

/** Without what is unset or empty: `PORT=` in a compose file means "the default". */
function present(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => (pair[1] ?? '').trim() !== ''),
  );
}

function readDotenv(): Record<string, string> {
  try {
    return present(parseDotenv(readFileSync(join(projectRoot, '.env'))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new SettingsError([`.env could not be read: ${(error as Error).message}`]);
  }
}

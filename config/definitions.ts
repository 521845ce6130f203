import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { accessSettings } from './access-definitions.js';
import { jobSettings } from './job-definitions.js';
import { readMachine, usualHosts } from './machine.js';
import { modelSettings } from './model-definitions.js';
import { pageSettings } from './page-definitions.js';
import { realtimeSettings } from './realtime-definitions.js';
import { reliabilitySettings } from './reliability-definitions.js';
import { projectRoot } from './root.js';
import { type SettingAbout, setting } from './setting.js';
import {
  byteCount,
  decimalNumber,
  oneOf,
  parseAliases,
  parseSwitch,
  readWith,
  wholeNumber,
} from './values.js';

const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
const LOG_FORMATS = ['pretty', 'json'] as const;

/** A chunk and its overlap are cut at pauses; shorter chunks than this would be mostly overlap. */
const CHUNK_SECONDS_LIMITS = { min: 30, max: 3600 };

const defaultHosts = usualHosts(readMachine());

const text = () => z.string().transform((value) => value.trim());

/** Relative folders count from the clone, so that `.env` means the same from every working directory. */
const folder = () =>
  z.string().transform((path) => (isAbsolute(path) ? path : resolve(projectRoot, path)));

const onOff = (about: Omit<SettingAbout, 'expected' | 'shownDefault'>) =>
  setting(readWith(parseSwitch), {
    ...about,
    expected: 'true or false',
    shownDefault: 'false',
    fallback: false,
  });

const diarizationMode = () =>
  readWith((value): 'auto' | 'always' | 'never' | undefined => {
    const word = value.trim().toLowerCase();
    if (word === 'auto' || word === 'always' || word === 'never') return word;
    const isOn = parseSwitch(word);
    return isOn === undefined ? undefined : isOn ? 'auto' : 'never';
  });

/** Every setting of the project, by the name of its environment variable. */
export const settingsSchema = z.object({
  HOST: setting(text(), {
    field: 'host',
    expected: 'an address or host name of this machine, for example 127.0.0.1 or 0.0.0.0',
    shownDefault: '127.0.0.1',
    fallback: '127.0.0.1',
    text: 'Address to listen on. `0.0.0.0` makes the server reachable from other machines.',
  }),
  PORT: setting(wholeNumber({ min: 0, max: 65_535 }), {
    field: 'port',
    expected: 'a whole number from 0 to 65535 (0 takes a free port)',
    shownDefault: '8000',
    fallback: 8000,
    text: 'Port to listen on; 0 takes a free one and says which.',
  }),
  MODEL: setting(text(), {
    field: 'model',
    alias: 'MODEL_NAME',
    expected: 'the id of a model that `./bin/whosaid models list` shows',
    shownDefault: 'moonshine-base-en',
    fallback: 'moonshine-base-en',
    text: "Model that requests get for OpenAI's model ids (`whisper-1`, `gpt-4o-transcribe`, …).",
  }),
  ALIASES: setting(readWith(parseAliases), {
    field: 'aliases',
    expected:
      'pairs of a name and the model it means, for example whisper-large=whisper-large-v3,openai/whisper-small=whisper-small',
    shownDefault: 'none',
    fallback: new Map<string, string>(),
    text: "Names of models of your own: `name=model`, separated by commas. A model is an id of the catalogue or one of OpenAI's, with or without `-diarize`. One of OpenAI's ids may be given another meaning, an id of the catalogue may not.",
  }),
  ASR_HOSTS: setting(wholeNumber({ min: 1, max: 64 }), {
    field: 'asrHosts',
    expected: 'a whole number from 1 to 64',
    shownDefault: 'one for each core up to 2; up to 4 where half of the memory holds 1 GB for each',
    fallback: defaultHosts,
    text: 'Recognition processes. Each holds the model in memory; several of one thread beat one of several.',
  }),
  ASR_THREADS: setting(wholeNumber({ min: 1, max: 64 }), {
    field: 'asrThreads',
    expected: 'a whole number from 1 to 64',
    shownDefault: '1',
    fallback: 1,
    text: 'Threads of each recognition process.',
  }),
  SPEAKER_HOSTS: setting(wholeNumber({ min: 1, max: 64 }), {
    field: 'speakerHosts',
    expected: 'a whole number from 1 to 64',
    shownDefault: 'one for each core up to 2; up to 4 where half of the memory holds 1 GB for each',
    fallback: defaultHosts,
    text: 'Processes that tell speakers apart. Started with the first request for speakers, or with the server where ENABLE_SPEAKER_DIARIZATION is `always`.',
  }),
  SPEAKER_THREADS: setting(wholeNumber({ min: 1, max: 64 }), {
    field: 'speakerThreads',
    expected: 'a whole number from 1 to 64',
    shownDefault: '1',
    fallback: 1,
    text: 'Threads of each of these processes.',
  }),
  CHUNK_SECONDS: setting(decimalNumber(CHUNK_SECONDS_LIMITS), {
    field: 'chunkSeconds',
    expected: 'a number of seconds from 30 to 3600',
    shownDefault: '600',
    fallback: 600,
    text: 'Length of the chunks that a long recording is worked through in; 10 to 15 minutes are usual. The overlap with the next chunk is part of it; chunks end in pauses, and the last one may be a quarter longer.',
  }),
  CHUNK_OVERLAP_SECONDS: setting(decimalNumber({ min: 0, max: 600 }), {
    field: 'chunkOverlapSeconds',
    expected: 'a number of seconds from 0 to half of CHUNK_SECONDS',
    shownDefault: '15',
    fallback: 15,
    text: 'How much of a recording two neighbouring chunks share; at most half of CHUNK_SECONDS. Words and speakers are joined across it.',
  }),
  TEMP_DIR: setting(folder(), {
    field: 'tempDir',
    expected: 'a folder',
    shownDefault: "the operating system's folder for temporary files",
    fallback: tmpdir(),
    text: 'Where uploads lie while they are worked on. Room for the largest upload is needed.',
  }),
  DATA_DIR: setting(folder(), {
    field: 'dataDir',
    expected: 'a folder',
    shownDefault: '`data` in the clone',
    fallback: join(projectRoot, 'data'),
    text: 'Where what outlives a request is kept: the voices that `./bin/whosaid voices add` stores, in `voices`, and jobs.',
  }),
  MODELS_DIR: setting(folder(), {
    field: 'modelsDir',
    expected: 'a folder',
    shownDefault: '`models/downloaded` in the clone',
    fallback: join(projectRoot, 'models', 'downloaded'),
    text: 'Where fetched models are kept.',
  }),
  MAX_UPLOAD_BYTES: setting(byteCount(), {
    field: 'maxUploadBytes',
    expected: 'a number of bytes of at least 1, for example 26214400, 500MB or 20GB',
    shownDefault: '20GB',
    fallback: 20e9,
    text: 'Largest upload. Units: KB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB (of 1024).',
  }),
  MAX_AUDIO_SECONDS: setting(decimalNumber({ min: 1, max: 10_000_000 }), {
    field: 'maxAudioSeconds',
    expected: 'a number of seconds from 1 to 10000000',
    shownDefault: '90000',
    fallback: 90_000,
    text: 'Longest recording (90,000 s are 25 hours), counted in what was decoded.',
  }),
  ENABLE_SPEAKER_DIARIZATION: setting(diarizationMode(), {
    field: 'speakerDiarization',
    expected: 'auto, true, always, never or false',
    shownDefault: 'auto',
    fallback: 'auto',
    text: 'Who spoke: `auto` (or `true`) when a request asks for it, `always` for every request, `never` (or `false`) refuses it, and the speaker models are not loaded.',
  }),
  ENABLE_ASR_WEBSERVICE_API: onOff({
    field: 'asrWebserviceApi',
    text: 'Also answer as whisper-asr-webservice does, at `/asr` and `/detect-language`: for Bazarr and others; see docs/adapters.md.',
  }),
  ENABLE_WHISPER_CPP_API: onOff({
    field: 'whisperCppApi',
    text: "Also answer as whisper.cpp's server does, at `/inference` and `/load`; see docs/adapters.md.",
  }),
  ...pageSettings,
  ...modelSettings,
  ...accessSettings,
  ...reliabilitySettings,
  ...jobSettings,
  ...realtimeSettings,
  LOG_LEVEL: setting(oneOf(LOG_LEVELS), {
    field: 'logLevel',
    expected: LOG_LEVELS.join(', '),
    shownDefault: 'info',
    fallback: 'info',
    text: 'How much is logged: `error`, `warn`, `info` or `debug`.',
  }),
  LOG_FORMAT: setting(oneOf(LOG_FORMATS), {
    field: 'logFormat',
    expected: LOG_FORMATS.join(' or '),
    shownDefault: 'pretty',
    fallback: 'pretty',
    text: '`pretty` for people, `json` for machines: one object a line.',
  }),
});

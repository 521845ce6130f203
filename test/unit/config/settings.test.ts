import assert from 'node:assert/strict';
import { availableParallelism, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { describe, it } from 'node:test';
import { projectRoot } from '#config/root.js';
import { aboutSetting, loadSettings, SettingsError, settingNames } from '#config/settings.js';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadSettings(env);
  } catch (error) {
    assert.ok(error instanceof SettingsError);
    return error.problems;
  }
  return [];
}

describe('settings', () => {
  it('have the documented defaults when nothing is set', () => {
    assert.deepEqual(loadSettings({}), {
      host: '127.0.0.1',
      port: 8000,
      model: 'moonshine-base-en',
      aliases: new Map(),
      asrHosts: Math.min(2, availableParallelism()),
      asrThreads: 1,
      speakerHosts: Math.min(2, availableParallelism()),
      speakerThreads: 1,
      chunkSeconds: 600,
      chunkOverlapSeconds: 15,
      tempDir: tmpdir(),
      dataDir: join(projectRoot, 'data'),
      modelsDir: join(projectRoot, 'models', 'downloaded'),
      maxUploadBytes: 20_000_000_000,
      maxAudioSeconds: 90_000,
      speakerDiarization: 'auto',
      preloadModels: [],
      modelMemory: null,
      adminKeys: [],
      device: 'auto',
      gpuMemoryLimit: null,
      enhance: 'none',
      enhanceFor: 'asr',
      denoiseModel: null,
      vocalsModel: null,
      vocalSeparation: false,
      punctuationRestoration: false,
      inverseNormalisation: false,
      spellingCorrection: false,
      asrWebserviceApi: false,
      whisperCppApi: false,
      webPage: true,
      apiKeys: [],
      apiKeysFile: null,
      publicPaths: ['/health', '/ready'],
      corsOrigins: [],
      allowedHosts: [],
      trustProxy: false,
      rateLimitRequests: 0,
      rateLimitWindowSeconds: 60,
      maxConcurrentRequests: 8,
      maxQueuedRequests: 100,
      maxQueueSeconds: 120,
      maxRequestsPerClient: 0,
      maxRealtimeSessions: 8,
      maxRealtimeSessionsPerClient: 0,
      realtimeSessionSeconds: 3600,
      realtimeIdleSeconds: 300,
      realtimeBufferSeconds: 600,
      realtimeSecret: null,
      maxTempBytes: 50e9,
      engineMemoryLimit: null,
      engineStallSeconds: 60,
      shutdownGraceSeconds: 30,
      slowRequestSeconds: 60,
      jobConcurrency: 2,
      jobRetentionHours: 168,
      maxJobs: 10_000,
      maxJobBytes: 100e9,
      jobUrls: false,
      allowPrivateAddresses: false,
      webhookUrl: null,
      webhookSecret: null,
      resultCacheBytes: 0,
      blobUrl: null,
      queueUrl: null,
      logLevel: 'info',
      logFormat: 'pretty',
    });
  });

  it('read typed values from text', () => {
    const settings = loadSettings({
      PORT: '0',
      CHUNK_SECONDS: '742.5',
      MAX_UPLOAD_BYTES: '1.5 GiB',
      ENABLE_VOCAL_SEPARATION: 'YES',
      LOG_LEVEL: 'Debug',
      ASR_HOSTS: '3',
    });
    assert.equal(settings.port, 0);
    assert.equal(settings.chunkSeconds, 742.5);
    assert.equal(settings.maxUploadBytes, 1_610_612_736);
    assert.equal(settings.vocalSeparation, true);
    assert.equal(settings.logLevel, 'debug');
    assert.equal(settings.asrHosts, 3);
  });

  it('read names of models, and refuse what is no pair or there twice', () => {
    const { aliases } = loadSettings({ ALIASES: 'big=whisper-large-v3, openai/x = whisper-1,' });
    assert.deepEqual(
      [...aliases],
      [
        ['big', 'whisper-large-v3'],
        ['openai/x', 'whisper-1'],
      ],
    );
    for (const ALIASES of ['big', 'a=b=c', 'a=b,a=c', 'a b=c'])
      assert.throws(() => loadSettings({ ALIASES }), /ALIASES is .*; expected pairs of a name/);
  });

  it('treat an empty value as unset', () => {
    assert.equal(loadSettings({ PORT: '', HOST: '  ', MODEL: '' }).port, 8000);
    assert.equal(loadSettings({ MODEL: '', MODEL_NAME: 'other' }).model, 'other');
  });

  it('read MODEL_NAME when MODEL is not set, and prefer MODEL', () => {
    assert.equal(loadSettings({ MODEL_NAME: 'old' }).model, 'old');
    assert.equal(loadSettings({ MODEL: 'new', MODEL_NAME: 'old' }).model, 'new');
  });

  it('take every spelling of the speaker switch', () => {
    const mode = (text: string) =>
      loadSettings({ ENABLE_SPEAKER_DIARIZATION: text }).speakerDiarization;
    assert.deepEqual(['auto', 'true', '1'].map(mode), ['auto', 'auto', 'auto']);
    assert.deepEqual(['never', 'false', 'off'].map(mode), ['never', 'never', 'never']);
  });

  it('allow speakers for every request, by the switch or by the default model', () => {
    assert.equal(
      loadSettings({ ENABLE_SPEAKER_DIARIZATION: 'Always' }).speakerDiarization,
      'always',
    );
    assert.equal(
      loadSettings({ MODEL: 'gpt-4o-transcribe-diarize' }).model,
      'gpt-4o-transcribe-diarize',
    );
  });

  it('refuse a default model that means speakers where speakers are switched off', () => {
    const [problem] = problemsOf({
      MODEL: 'gpt-4o-transcribe-diarize',
      ENABLE_SPEAKER_DIARIZATION: 'false',
    });
    assert.match(
      problem ?? '',
      /^MODEL is "gpt-4o-transcribe-diarize"; expected gpt-4o-transcribe: ENABLE_SPEAKER_DIARIZATION is "never"/,
    );
  });

  it('make relative folders absolute', () => {
    assert.equal(loadSettings({ TEMP_DIR: 'scratch' }).tempDir, join(projectRoot, 'scratch'));
    assert.ok(isAbsolute(loadSettings({ TEMP_DIR: './x' }).tempDir));
  });

  it('report every wrong value at once, with its name, what it held and what is expected', () => {
    const problems = problemsOf({ PORT: '70000', MAX_UPLOAD_BYTES: 'plenty', LOG_FORMAT: 'xml' });
    assert.equal(problems.length, 3);
    assert.match(problems[0] ?? '', /^PORT is "70000"; expected a whole number from 0 to 65535/);
    assert.match(problems[1] ?? '', /^MAX_UPLOAD_BYTES is "plenty"; expected a number of bytes/);
    assert.match(problems[2] ?? '', /^LOG_FORMAT is "xml"; expected pretty or json$/);
  });

  it('refuse an overlap of more than half a chunk', () => {
    const [problem] = problemsOf({ CHUNK_SECONDS: '60', CHUNK_OVERLAP_SECONDS: '31' });
    assert.match(problem ?? '', /^CHUNK_OVERLAP_SECONDS is "31"; expected at most half/);
  });

  for (const value of ['-1', '1e3', '0x10', 'NaN', '8000.5', ' ']) {
    it(`refuse or ignore ${JSON.stringify(value)} as a port`, () => {
      assert.equal(problemsOf({ PORT: value }).length, value.trim() === '' ? 0 : 1);
    });
  }

  it('are all documented', () => {
    for (const name of settingNames) {
      const { expected, shownDefault, text } = aboutSetting(name);
      assert.ok(expected && shownDefault && text, name);
    }
  });
});

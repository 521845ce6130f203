import { componentSchemas } from './components.js';
import { asr, detectLanguage, inference } from './operations/adapters.js';
import { transcriptions, translations } from './operations/audio.js';
import { createBatch, retrieveBatch } from './operations/batches.js';
import * as jobs from './operations/jobs.js';
import * as legacy from './operations/legacy.js';
import {
  createClientSecret,
  createTranscriptionSession,
  REALTIME_TAG,
} from './operations/realtime.js';
import { health, index, metrics, model, models, pull, ready } from './operations/service.js';
import type { OpenApiDocument, PathItem } from './types.js';

export type DocumentOptions = {
  /** Version of whosaid. */
  readonly version: string;
  /** Which adapters are switched on. */
  readonly asrWebserviceApi: boolean;
  readonly whisperCppApi: boolean;
};

/** Paths that exist at the root alone. */
const AT_ROOT = [{ url: '/' }];

/** The OpenAPI 3.1 document of a server: what it offers as it is set up, and no more. */
export function openapiDocument(options: DocumentOptions): OpenApiDocument {
  const { version, asrWebserviceApi, whisperCppApi } = options;
  const hasAdapters = asrWebserviceApi || whisperCppApi;
  return {
    openapi: '3.1.1',
    info: {
      title: 'whosaid',
      version,
      summary: 'An OpenAI-compatible transcription gateway that also says who spoke.',
      description:
        "Point an OpenAI client's base URL at `/v1` of this server. Errors have the shape of the OpenAI API; docs/errors.md lists them all.",
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [
      { url: '/v1', description: 'This server' },
      { url: '/', description: 'This server, for clients that leave /v1 out' },
    ],
    tags: [
      { name: 'Audio', description: 'Recordings in, text out.' },
      {
        name: 'Jobs',
        description:
          'Recordings that nobody waits for with an open connection; they outlive restarts.',
      },
      REALTIME_TAG,
      { name: 'Models', description: 'What may be sent as `model`.' },
      { name: 'Service', description: 'What this server is and how it is.' },
      { name: 'Older API', description: 'That of the REST server which this one replaces.' },
      ...(hasAdapters
        ? [{ name: 'Adapters', description: 'What clients of other servers speak.' }]
        : []),
    ],
    // A server without API_KEYS takes requests without one.
    security: [{ bearer: [] }, {}],
    paths: {
      '/audio/transcriptions': { post: transcriptions },
      '/audio/translations': { post: translations },
      ...jobPaths,
      '/realtime/client_secrets': { post: createClientSecret },
      '/realtime/transcription_sessions': { post: createTranscriptionSession },
      '/models': { get: models },
      '/models/pull': { post: pull },
      '/models/{model}': { get: model },
      '/': { get: index },
      '/health': { get: health },
      '/ready': { get: ready },
      '/metrics': { get: metrics },
      ...legacyPaths,
      ...(asrWebserviceApi && asrPaths),
      ...(whisperCppApi && whisperCppPaths),
    },
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'One of the keys that the operator of this server gave out (API_KEYS).',
        },
      },
    },
  };
}

const jobPaths: Record<string, PathItem> = {
  '/audio/jobs': { get: jobs.listJobs, post: jobs.createJob },
  '/audio/jobs/{id}': { get: jobs.retrieveJob, delete: jobs.deleteJob },
  '/audio/jobs/{id}/result': { get: jobs.jobResult },
  '/audio/jobs/{id}/transcript': { get: jobs.jobTranscript },
  '/audio/jobs/{id}/events': { get: jobs.jobEvents },
  '/audio/jobs/{id}/cancel': { post: jobs.cancelJob },
  '/audio/jobs/batch': { post: createBatch },
  '/audio/jobs/batch/{id}': { get: retrieveBatch },
};

const legacyPaths: Record<string, PathItem> = {
  '/transcribe': { servers: AT_ROOT, post: legacy.transcribe },
  '/transcribe/async': { servers: AT_ROOT, post: legacy.transcribeAsync },
  '/jobs/{id}/status': { servers: AT_ROOT, get: legacy.legacyStatus },
  '/jobs/{id}/result': { servers: AT_ROOT, get: legacy.legacyResult },
  '/jobs/{id}/cancel': { servers: AT_ROOT, post: legacy.legacyCancel },
};

const asrPaths: Record<string, PathItem> = {
  '/asr': { servers: AT_ROOT, post: asr },
  '/detect-language': { servers: AT_ROOT, post: detectLanguage },
};

const whisperCppPaths: Record<string, PathItem> = {
  '/inference': { servers: AT_ROOT, post: inference },
};

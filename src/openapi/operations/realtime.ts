import type { ErrorKey } from '#utils/errors/catalogue.js';
import { refTo, type SchemaName } from '../components.js';
import { type PlainOperation, plainOperation } from '../plain-operation.js';
import type { Operation } from '../types.js';

export const REALTIME_TAG = {
  name: 'Realtime',
  description:
    'Text while somebody speaks: `GET /v1/realtime?intent=transcription` is a WebSocket, which this document cannot describe. docs/realtime.md has its events.',
};

const ERRORS: readonly ErrorKey[] = [
  'body_not_json',
  'field_invalid',
  'realtime_parameter_unknown',
  'client_secret_too_long',
  'model_not_found',
  'model_not_installed',
  'language_unknown',
  'language_unsupported',
  'logprobs_unsupported',
  'speakers_disabled',
];

type Creation = Pick<PlainOperation, 'operationId' | 'summary' | 'description' | 'path'> & {
  readonly request: SchemaName;
  readonly answer: SchemaName;
  readonly example: object;
};

/** `POST /realtime/client_secrets`. */
export const createClientSecret = creation({
  operationId: 'createClientSecret',
  summary: 'Make a key for a browser',
  description:
    'With it, a page opens realtime sessions with these settings for some minutes, in the name of who made it; it is good for nothing else.',
  path: '/v1/realtime/client_secrets',
  request: 'ClientSecretRequest',
  answer: 'ClientSecret',
  example: {
    expires_after: { anchor: 'created_at', seconds: 300 },
    session: { type: 'transcription', audio: { input: { transcription: { language: 'en' } } } },
  },
});

/** `POST /realtime/transcription_sessions`. */
export const createTranscriptionSession = creation({
  operationId: 'createTranscriptionSession',
  summary: 'The same in the shape that came before',
  description: 'The key is in `client_secret`.',
  path: '/v1/realtime/transcription_sessions',
  request: 'FlatSessionRequest',
  answer: 'FlatSession',
  example: { input_audio_format: 'pcm16', input_audio_transcription: { model: 'whisper-1' } },
});

function creation({ request, example, path, summary, ...about }: Creation): Operation {
  const operation = plainOperation({
    ...about,
    summary,
    path,
    tag: REALTIME_TAG.name,
    method: 'POST',
    errors: ERRORS,
  });
  return {
    ...operation,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: refTo(request),
          examples: { session: { summary, value: example } },
        },
      },
    },
    'x-codeSamples': [
      {
        lang: 'Shell',
        label: summary,
        source: `curl http://127.0.0.1:8000${path} \\\n  -d '${JSON.stringify(example)}'`,
      },
    ],
  };
}

import { refTo } from '../components.js';
import { plainOperation } from '../plain-operation.js';
import type { MediaType, Operation } from '../types.js';

/** `GET /models`. */
export const models = plainOperation({
  operationId: 'listModels',
  tag: 'Models',
  summary: 'List the models',
  description:
    'The ids of OpenAI, which mean the default model, and the models that are installed, each with what its model can do (`whosaid`).',
  path: '/v1/models',
  answer: 'ModelList',
});

/** `GET /models/{id}`. */
export const model = plainOperation({
  operationId: 'retrieveModel',
  tag: 'Models',
  summary: 'Look up one model',
  description: 'The slash of an id such as `org/name` may be escaped or not.',
  path: '/v1/models/whisper-1',
  answer: 'Model',
  parameters: [
    {
      name: 'model',
      in: 'path',
      required: true,
      description: 'An id.',
      schema: { type: 'string' },
      examples: { whisper: { summary: 'An id of OpenAI', value: 'whisper-1' } },
    },
  ],
  errors: ['model_not_found', 'model_not_installed', 'speakers_disabled'],
});

const pullEvent: MediaType = {
  schema: { type: 'string' },
  'x-content-schema': refTo('ModelPullEvent'),
};
const pulled: MediaType = { schema: refTo('ModelPull') };
const PULL_EXAMPLE = { model: 'whisper-base' };

/** `POST /models/pull`. */
export const pull: Operation = {
  ...plainOperation({
    operationId: 'pullModel',
    tag: 'Models',
    summary: 'Fetch a model',
    description:
      'Fetches a model of the catalogue and what it requires, with one of ADMIN_KEYS. Answers when it is done, or with events on the way where `Accept` is `text/event-stream`. Those who ask for the same model share one pull; it ends when all of them have left. Nothing of a file is kept that is not what the catalogue says.',
    method: 'POST',
    path: '/v1/models/pull',
    answer: { 'application/json': pulled, 'text/event-stream': pullEvent },
    errors: [
      'admin_keys_unset',
      'admin_key_needed',
      'body_not_json',
      'field_invalid',
      'model_unknown',
      'model_by_hand',
      'model_download_failed',
      'model_file_wrong',
      'model_storage_failed',
      'model_pins_unusable',
      'server_stopping',
    ],
  }),
  requestBody: {
    required: true,
    content: {
      'application/json': {
        schema: refTo('ModelPullRequest'),
        examples: { model: { summary: 'Fetch Whisper base', value: PULL_EXAMPLE } },
      },
    },
  },
  'x-codeSamples': [
    {
      lang: 'Shell',
      label: 'Fetch a model',
      source: [
        'curl http://127.0.0.1:8000/v1/models/pull \\',
        '  -H "Authorization: Bearer $ADMIN_KEY" -H "Accept: text/event-stream" \\',
        `  -d '${JSON.stringify(PULL_EXAMPLE)}'`,
      ].join('\n'),
    },
  ],
};

/** `GET /`. */
export const index = plainOperation({
  operationId: 'describeServer',
  tag: 'Service',
  summary: 'Say what this server is and offers',
  description:
    'Links to everything else. Browsers, which ask for HTML first, get the web page here (ENABLE_WEB_PAGE).',
  path: '/',
  answer: 'Index',
  isOpen: true,
});

/** `GET /health`. */
export const health = plainOperation({
  operationId: 'health',
  tag: 'Service',
  summary: 'Say whether the server lives',
  description: 'Answers 200 as long as it does, and says whether the default model is loaded.',
  path: '/health',
  answer: 'Health',
  isOpen: true,
});

/** `GET /ready`. */
export const ready = plainOperation({
  operationId: 'ready',
  tag: 'Service',
  summary: 'Say whether the server can transcribe now',
  description: '503 while it cannot: load balancers send requests elsewhere then.',
  path: '/ready',
  answer: 'Ready',
  errors: ['not_ready'],
  isOpen: true,
});

/** `GET /metrics`. */
export const metrics = plainOperation({
  operationId: 'metrics',
  tag: 'Service',
  summary: 'Figures of the server for Prometheus',
  description:
    "Prometheus' text format: docs/monitoring says what each figure means. Needs a key where keys are set, unless PUBLIC_PATHS names it.",
  path: '/metrics',
  answer: 'text/plain',
});

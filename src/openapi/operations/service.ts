import { plainOperation } from '../plain-operation.js';

/** `GET /models`. */
export const models = plainOperation({
  operationId: 'listModels',
  tag: 'Models',
  summary: 'List the models',
  description:
    'The ids of OpenAI, which mean the default model, and the models that are installed.',
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

/** `GET /`. */
export const index = plainOperation({
  operationId: 'describeServer',
  tag: 'Service',
  summary: 'Say what this server is and offers',
  description: 'Links to everything else.',
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

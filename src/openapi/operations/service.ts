import type { ErrorKey } from '#utils/errors/catalogue.js';
import { refTo, type SchemaName } from '../components.js';
import { curlOf } from '../curl.js';
import { readErrors } from '../error-responses.js';
import type { Operation, ParameterObject } from '../types.js';

type ReadOperation = {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** Path that works as it stands. */
  readonly path: string;
  /** What is answered: a shape of JSON, or plain text. */
  readonly answer: SchemaName | 'text/plain';
  readonly parameters?: readonly ParameterObject[];
  readonly errors?: readonly ErrorKey[];
  /** True: no key is asked for as the server is set up by default. */
  readonly isOpen?: boolean;
};

function readOperation(options: ReadOperation): Operation {
  const { operationId, tag, summary, description, path, answer, parameters, errors } = options;
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    ...(options.isOpen && { security: [{}] }),
    ...(parameters && { parameters }),
    responses: {
      200: {
        description: 'As described.',
        content:
          answer === 'text/plain'
            ? { [answer]: { schema: { type: 'string' } } }
            : { 'application/json': { schema: refTo(answer) } },
      },
      ...readErrors(...(errors ?? [])),
    },
    'x-codeSamples': [{ lang: 'Shell', label: summary, source: curlOf({ path }) }],
  };
}

/** `GET /models`. */
export const models = readOperation({
  operationId: 'listModels',
  tag: 'Models',
  summary: 'List the models',
  description:
    'The ids of OpenAI, which mean the default model, and the models that are installed.',
  path: '/v1/models',
  answer: 'ModelList',
});

/** `GET /models/{id}`. */
export const model = readOperation({
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
export const index = readOperation({
  operationId: 'describeServer',
  tag: 'Service',
  summary: 'Say what this server is and offers',
  description: 'Links to everything else.',
  path: '/',
  answer: 'Index',
  isOpen: true,
});

/** `GET /health`. */
export const health = readOperation({
  operationId: 'health',
  tag: 'Service',
  summary: 'Say whether the server lives',
  description: 'Answers 200 as long as it does, and says whether the default model is loaded.',
  path: '/health',
  answer: 'Health',
  isOpen: true,
});

/** `GET /ready`. */
export const ready = readOperation({
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
export const metrics = readOperation({
  operationId: 'metrics',
  tag: 'Service',
  summary: 'Figures of the server for Prometheus',
  description:
    "Prometheus' text format: docs/monitoring says what each figure means. Needs a key where keys are set, unless PUBLIC_PATHS names it.",
  path: '/metrics',
  answer: 'text/plain',
});

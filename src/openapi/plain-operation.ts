import type { ErrorKey } from '#utils/errors/catalogue.js';
import { refTo, type SchemaName } from './components.js';
import { curlOf } from './curl.js';
import { readErrors } from './error-responses.js';
import { parametersOf } from './form-operation.js';
import type {
  Example,
  MediaType,
  ObjectSchema,
  Operation,
  ParameterObject,
  ResponseObject,
} from './types.js';

export type PlainOperation = {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** Default GET. */
  readonly method?: 'POST' | 'DELETE';
  /** Path that works as it stands. */
  readonly path: string;
  /** What is answered: a shape of JSON, plain text, or bodies by their media type. */
  readonly answer: SchemaName | 'text/plain' | Readonly<Record<string, MediaType>>;
  /** In the path. */
  readonly parameters?: readonly ParameterObject[];
  readonly query?: ObjectSchema;
  readonly headers?: ObjectSchema;
  /** Besides the one without any query and headers of its own. */
  readonly examples?: Readonly<Record<string, Example>>;
  readonly errors?: readonly ErrorKey[];
  /** In place of those that `errors` makes. */
  readonly errorResponses?: Readonly<Record<string, ResponseObject>>;
  /** Shape of these. */
  readonly errorSchema?: SchemaName;
  /** Other answers that are none of these. */
  readonly furtherResponses?: Readonly<Record<string, ResponseObject>>;
  /** True: no key is asked for as the server is set up by default. */
  readonly isOpen?: boolean;
};

/** An operation without a body. */
export function plainOperation(options: PlainOperation): Operation {
  const { operationId, tag, summary, description, method, path, examples = {} } = options;
  const parameters = [...(options.parameters ?? []), ...parametersOf(options, examples)];
  const content = contentOf(options.answer);
  const isStream = 'text/event-stream' in content;
  const samples = [{ summary }, ...Object.values(examples)];
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    ...(options.isOpen && { security: [{}] }),
    ...(parameters.length > 0 && { parameters }),
    responses: {
      200: { description: 'As described.', content },
      ...options.furtherResponses,
      ...(options.errorResponses ?? readErrors(options.errors, options.errorSchema)),
    },
    'x-codeSamples': samples.map((example) => ({
      lang: 'Shell',
      label: example.summary,
      source: curlOf({ ...example, path, method, isStream }),
    })),
  };
}

function contentOf(answer: PlainOperation['answer']): Readonly<Record<string, MediaType>> {
  if (typeof answer === 'object') return answer;
  if (answer === 'text/plain') return { [answer]: { schema: { type: 'string' } } };
  return { 'application/json': { schema: refTo(answer) } };
}

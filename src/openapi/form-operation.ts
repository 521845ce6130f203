import { z } from 'zod';
import { curlOf } from './curl.js';
import { withoutSafeLimits } from './to-json-schema.js';
import type {
  Example,
  JsonSchema,
  ObjectSchema,
  Operation,
  ParameterObject,
  ResponseObject,
} from './types.js';

export type FormOperation = {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  /** Path from the root of the server, for the commands that are shown. */
  readonly path: string;
  /** The parts of the form, as they stand on the wire. */
  readonly form: ObjectSchema;
  readonly query?: ObjectSchema;
  readonly headers?: ObjectSchema;
  readonly examples: Readonly<Record<string, Example>>;
  readonly responses: Readonly<Record<string, ResponseObject>>;
};

/** A POST of a form. Each example has one name in its parameters, its body and its command. */
export function formOperation(options: FormOperation): Operation {
  const { operationId, tag, summary, description, path, form, examples, responses } = options;
  const parameters = parametersOf(options, examples);
  return {
    operationId,
    tags: [tag],
    summary,
    description,
    ...(parameters.length > 0 && { parameters }),
    requestBody: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: inputSchema(form),
          examples: mapExamples(examples, ({ fields = {} }) => fields),
          ...('chunking_strategy' in form.shape && {
            encoding: { chunking_strategy: { style: 'deepObject', explode: true } },
          }),
        },
      },
    },
    responses,
    'x-codeSamples': Object.values(examples).map((example) => ({
      lang: 'Shell',
      label: example.summary,
      source: curlOf({ path, ...example }),
    })),
  };
}

/** Parameters of the query and the head, with what they are in each example that has them. */
export function parametersOf(
  { query, headers }: Pick<FormOperation, 'query' | 'headers'>,
  examples: Readonly<Record<string, Example>>,
): ParameterObject[] {
  return [
    ...(query ? parametersIn('query', query, examples) : []),
    ...(headers ? parametersIn('header', headers, examples) : []),
  ];
}

function parametersIn(
  place: 'query' | 'header',
  described: ObjectSchema,
  examples: Readonly<Record<string, Example>>,
): ParameterObject[] {
  const valueIn = ({ query, headers }: Example, name: string) =>
    (place === 'query' ? query : headers)?.[name];
  const properties = inputSchema(described).properties as Record<string, JsonSchema>;
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    const using = Object.fromEntries(
      Object.entries(examples).filter(([, example]) => valueIn(example, name) !== undefined),
    );
    return {
      name,
      in: place,
      description: String(description ?? ''),
      schema,
      ...(Object.keys(using).length > 0 && {
        examples: mapExamples(using, (example) => valueIn(example, name)),
      }),
    };
  });
}

function mapExamples(
  examples: Readonly<Record<string, Example>>,
  pick: (example: Example) => unknown,
): Record<string, { summary: string; value: unknown }> {
  return Object.fromEntries(
    Object.entries(examples).map(([name, example]) => [
      name,
      { summary: example.summary, value: pick(example) },
    ]),
  );
}

function inputSchema(schema: ObjectSchema): JsonSchema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io: 'input',
    override: withoutSafeLimits,
  });
  return made as JsonSchema;
}

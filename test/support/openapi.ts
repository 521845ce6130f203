import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { projectRoot } from '#config/root.js';
import type { OpenApiDocument, Operation, PathItem } from '#src/openapi/types.js';

/** One example of an operation, as a request. */
export type ExampleRequest = {
  readonly operation: Operation;
  readonly name: string;
  /** Path with its query, from the root of the server. */
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, unknown>>;
  /** A body of JSON. */
  readonly json?: unknown;
};

const METHODS = { get: 'GET', post: 'POST', delete: 'DELETE' } as const;
const AS_IT_IS = 'as it is';

/**
 * Every example of a document: of operations with a form those of the form, of the others the operation itself and those
 * of its parameters.
 */
export function exampleRequests(document: OpenApiDocument): ExampleRequest[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    (['post', 'get', 'delete'] as const).flatMap((method) => {
      const operation = item[method];
      if (operation === undefined) return [];
      return requestsOf({ path, item, operation, method: METHODS[method], document });
    }),
  );
}

function requestsOf(options: {
  path: string;
  item: PathItem;
  operation: Operation;
  method: ExampleRequest['method'];
  document: OpenApiDocument;
}): ExampleRequest[] {
  const { path, item, operation, method, document } = options;
  const { parameters = [] } = operation;
  const base = (item.servers?.[0] ?? document.servers[0])?.url.replace(/\/$/, '');
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.name === name);
    return String(Object.values(parameter?.examples ?? {})[0]?.value);
  });
  const forms = operation.requestBody?.content['multipart/form-data']?.examples;
  const json = Object.values(operation.requestBody?.content['application/json']?.examples ?? {})[0];
  const told = parameters.filter((parameter) => parameter.in !== 'path');
  const names = forms
    ? Object.keys(forms)
    : [AS_IT_IS, ...new Set(told.flatMap(({ examples = {} }) => Object.keys(examples)))];
  return names.map((name) => {
    const valuesIn = (place: 'query' | 'header') =>
      told.flatMap((parameter) => {
        const example = parameter.in === place ? parameter.examples?.[name] : undefined;
        return example === undefined ? [] : [[parameter.name, String(example.value)]];
      });
    const query = new URLSearchParams(valuesIn('query'));
    return {
      operation,
      name,
      url: `${base}${filled}${query.size > 0 ? `?${query}` : ''}`,
      method,
      headers: Object.fromEntries(valuesIn('header')),
      ...(json && { json: json.value }),
      ...(forms && { fields: forms[name]?.value as Record<string, unknown> }),
    };
  });
}

/** Sends it. Parts that are files hold recordings of test/fixtures. */
export async function sendExample(serverUrl: string, request: ExampleRequest): Promise<Response> {
  const { url, method, headers, fields, json } = request;
  if (fields === undefined) {
    const text = json === undefined ? {} : { body: JSON.stringify(json) };
    return fetch(serverUrl + url, { method, headers, ...text });
  }
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const item of [value].flat()) {
      if (['file', 'file[]', 'audio_file'].includes(name)) {
        const bytes = await readFile(join(projectRoot, 'test', 'fixtures', String(item)));
        body.append(name, new Blob([bytes]), String(item));
      } else body.append(name, String(item));
    }
  }
  return fetch(serverUrl + url, { method, headers, body });
}

/** Asserts that a value is what a schema of the document says: a name of its components, or a pointer into it. */
export type CheckShape = (value: unknown, schema: string) => void;

/** The document as a validator, independent of what the document was made with. */
export function shapesOf(document: OpenApiDocument): CheckShape {
  // Formats such as `binary` are for readers, and so is what stands around the schemas.
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'document');
  return (value, schema) => {
    const pointer = schema.startsWith('/') ? schema : `/components/schemas/${schema}`;
    const validate = ajv.compile({ $ref: `document#${pointer}` });
    assert.ok(validate(value), `${pointer}: ${ajv.errorsText(validate.errors)}`);
  };
}

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
  readonly method: 'GET' | 'POST';
  readonly fields?: Readonly<Record<string, unknown>>;
};

/** Every example of a document: of operations with a form those of the form, of the others the operation itself. */
export function exampleRequests(document: OpenApiDocument): ExampleRequest[] {
  return Object.entries(document.paths).flatMap(([path, item]) => [
    ...(item.get ? [readRequest(path, item.get, document)] : []),
    ...(item.post ? formRequests(path, item, item.post, document) : []),
  ]);
}

function readRequest(path: string, operation: Operation, document: OpenApiDocument) {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = operation.parameters?.find((one) => one.name === name);
    return String(Object.values(parameter?.examples ?? {})[0]?.value);
  });
  return {
    operation,
    name: 'as it is',
    url: document.servers[0]?.url + filled,
    method: 'GET',
  } as const;
}

function formRequests(
  path: string,
  { servers = [] }: PathItem,
  operation: Operation,
  document: OpenApiDocument,
): ExampleRequest[] {
  const base = (servers[0] ?? document.servers[0])?.url.replace(/\/$/, '');
  const { examples = {} } = operation.requestBody?.content['multipart/form-data'] ?? {};
  return Object.entries(examples).map(([name, { value }]) => {
    const query = new URLSearchParams();
    for (const parameter of operation.parameters ?? []) {
      const example = parameter.examples?.[name];
      if (example !== undefined) query.set(parameter.name, String(example.value));
    }
    const url = `${base}${path}${query.size > 0 ? `?${query}` : ''}`;
    return { operation, name, url, method: 'POST', fields: value as Record<string, unknown> };
  });
}

/** Sends it. Parts that are files hold recordings of test/fixtures. */
export async function sendExample(serverUrl: string, request: ExampleRequest): Promise<Response> {
  const { url, method, fields } = request;
  if (fields === undefined) return fetch(serverUrl + url, { method });
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    for (const item of [value].flat()) {
      if (['file', 'audio_file'].includes(name)) {
        const bytes = await readFile(join(projectRoot, 'test', 'fixtures', String(item)));
        body.append(name, new Blob([bytes]), String(item));
      } else body.append(name, String(item));
    }
  }
  return fetch(serverUrl + url, { method, body });
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

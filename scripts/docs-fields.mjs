import { writeOrCheck } from './lib/generated-file.mjs';
import { prepare } from './lib/prepare.mjs';

/** `npm run docs`: docs/fields.md from the OpenAPI document; `npm run docs:check` says whether it is current. */
await prepare();
const { openapiDocument } = await import('../dist/src/openapi/document.js');

const { paths } = openapiDocument({ version: '', asrWebserviceApi: true, whisperCppApi: true });
const AT_ROOT_ALONE = /^\/(transcribe|jobs|asr|detect-language|inference|$)/;

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value) => `\`${value}\``;

const endpoints = Object.entries(paths).flatMap(([path, operations]) =>
  Object.entries(operations).flatMap(([method, { operationId, summary, tags }]) => {
    // Servers of a path stand beside its operations.
    if (operationId === undefined) return [];
    const base = AT_ROOT_ALONE.test(path) ? '' : '/v1';
    return `| ${code(`${method.toUpperCase()} ${base}${path}`)} | ${cell(summary)} | ${tags[0]} |`;
  }),
);

/** What a value may be, in words. */
function kindOf({ type, enum: values, anyOf, items, const: only, minimum, maximum, format }) {
  if (only !== undefined) return code(only);
  if (anyOf) return anyOf.map(kindOf).join(' or ');
  if (values) return values.map(code).join(', ');
  if (type === 'array') return `${kindOf(items ?? {})}, repeated`;
  if (format === 'binary') return 'a file';
  if (type === 'object') return 'an object';
  if (type === 'boolean') return '`true`, `false`';
  const range =
    minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : '';
  return { integer: `a whole number${range}`, number: `a number${range}` }[type] ?? 'text';
}

function fieldsOf(path) {
  const { content } = paths[path].post.requestBody;
  return Object.entries(content['multipart/form-data'].schema.properties);
}

const fieldRow = ([name, schema]) => {
  const { default: usual, description = '' } = schema;
  const cells = [code(name), kindOf(schema), usual === undefined ? '' : code(usual), description];
  return `| ${cells.map(cell).join(' | ')} |`;
};

const transcription = fieldsOf('/audio/transcriptions');
const known = new Set(transcription.map(([name]) => name));
const more = (path) => fieldsOf(path).filter(([name]) => !known.has(name));
const table = (fields) =>
  ['| field | values | default | meaning |', '|---|---|---|---|', ...fields.map(fieldRow)].join(
    '\n',
  );

writeOrCheck({
  path: 'docs/fields.md',
  command: 'npm run docs',
  text: `# Endpoints and fields

<!-- Made by \`npm run docs\` from src/openapi. Change it there. -->

What \`/openapi.json\` of a running server says, as tables. Paths below \`/v1\` are there without it, too. The adapters are
there where their settings say so ([adapters.md](adapters.md)).

## Endpoints

| call | | part |
|---|---|---|
${endpoints.join('\n')}

## Fields of a transcription

Parts of a form (\`multipart/form-data\`). Repeated fields are also taken without \`[]\`. Translations and jobs take the
same. [transcriptions.md](transcriptions.md) and [speakers.md](speakers.md) explain them.

${table(transcription)}

## Further fields of a job

${table(more('/audio/jobs'))}

A batch takes \`file[]\` instead of \`file\`: [jobs.md](jobs.md#batches).
`,
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openapiDocument } from '#src/openapi/document.js';
import { EXAMPLE_JOB } from '#src/openapi/examples.js';
import type { MediaType, OpenApiDocument } from '#src/openapi/types.js';
import { shortClip, wholeClip } from '../support/clips.js';
import { type JobClient, jobClient } from '../support/job-client.js';
import {
  type CheckShape,
  type ExampleRequest,
  exampleRequests,
  sendExample,
  shapesOf,
} from '../support/openapi.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { modelsWithWhisper, whisperDir } from '../support/whisper-model.js';

const ADAPTERS = { ENABLE_ASR_WEBSERVICE_API: 'true', ENABLE_WHISPER_CPP_API: 'true' };
/** Operations that the default model cannot do. */
const NEED_WHISPER = ['createTranslation', 'detectLanguage'];
const NO_WHISPER = whisperDir() === undefined && 'this machine has no Whisper model';

describe('OpenAPI', () => {
  let server: TestServer;
  let models: Awaited<ReturnType<typeof modelsWithWhisper>>;
  let served: OpenApiDocument;
  let check: CheckShape;
  let jobs: JobClient;
  before(async () => {
    models = await modelsWithWhisper();
    server = await startTestServer({ ...ADAPTERS, ...(models && { MODELS_DIR: models.path }) });
    served = await fetch(`${server.url}/openapi.json`).then((response) => response.json());
    check = shapesOf(served);
    jobs = jobClient(server.url);
  });
  after(async () => {
    await server?.close();
    await models?.remove();
  });

  // The tests are named before the server runs; the first of them asserts that it serves the same document.
  const document = openapiDocument({ version: '', asrWebserviceApi: true, whisperCppApi: true });

  it('serves its document with and without /v1', async () => {
    const other = await fetch(`${server.url}/v1/openapi.json`).then((response) => response.json());
    assert.deepEqual(other, served);
    const { info } = served;
    const expected = { ...document, info: { ...document.info, version: info.version } };
    assert.deepEqual(served, JSON.parse(JSON.stringify(expected)));
  });

  it('has examples of shapes that fit them', () => {
    for (const [name, { examples = [] }] of Object.entries(served.components.schemas)) {
      for (const example of examples as unknown[]) check(example, name);
    }
  });

  // With a key of its own: test/api/model-pull.test.ts.
  const requests = exampleRequests(document).filter(
    ({ operation }) => operation.operationId !== 'pullModel',
  );
  for (const request of requests) {
    const { operation, name } = request;
    const skip = NEED_WHISPER.includes(operation.operationId) && NO_WHISPER;
    it(`answers as described: ${operation.operationId}, ${name}`, { skip }, async () => {
      const response = await sendExample(server.url, await withRealJob(request, jobs));
      const body = await response.text();
      assert.ok(response.ok, body);
      const mediaType = response.headers.get('content-type')?.split(';')[0] ?? '';
      const media = operation.responses[response.status]?.content?.[mediaType];
      assert.ok(media, `${mediaType} is not declared`);
      checkBody({ request, mediaType, media, body, check });
    });
  }

  it('describes the errors that it answers', async () => {
    const url = `${server.url}/v1/audio/transcriptions`;
    const wrong = [
      { url, schema: 'Error', status: 400, body: new FormData() },
      { url, schema: 'Error', status: 404, body: form({ file: 'x', model: 'nothing-like-it' }) },
      { url: `${server.url}/asr`, schema: 'AdapterError', status: 400, body: form({ a: 'b' }) },
      {
        url: `${server.url}/inference`,
        schema: 'AdapterError',
        status: 400,
        body: form({ a: 'b' }),
      },
      { url: `${server.url}/v1/models/nothing-like-it`, schema: 'Error', status: 404 },
      { url: `${server.url}/v1/audio/jobs/nothing-like-it`, schema: 'Error', status: 404 },
      { url: `${server.url}/jobs/nothing-like-it/result`, schema: 'AdapterError', status: 404 },
    ];
    for (const { url, schema, status, body } of wrong) {
      const response = await fetch(url, body && { method: 'POST', body });
      assert.equal(response.status, status, url);
      check(await response.json(), schema);
    }
  });
});

function form(fields: Record<string, string>): FormData {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return body;
}

/** The example for a job that is there, and of which the operation can be done. */
async function withRealJob(request: ExampleRequest, jobs: JobClient): Promise<ExampleRequest> {
  const { url, operation } = request;
  if (!url.includes(EXAMPLE_JOB)) return request;
  const { operationId } = operation;
  const isCancelled = /cancel/i.test(operationId);
  const { id } =
    operationId === 'retrieveBatch'
      ? await jobs.createBatch([shortClip()])
      : await jobs.create(isCancelled ? wholeClip() : shortClip());
  if (!isCancelled && operationId !== 'retrieveBatch') await jobs.ended(id);
  return { ...request, url: url.replace(EXAMPLE_JOB, id) };
}

/** Which shape each format has; the operation's schema alone would take any of them. */
const SHAPES: Readonly<Record<string, string>> = {
  'createTranscription json': 'Transcription',
  'createTranscription verbose_json': 'VerboseTranscription',
  'createTranscription diarized_json': 'DiarizedTranscription',
  'createTranslation json': 'Translation',
  'createTranslation verbose_json': 'VerboseTranslation',
  'retrieveJobResult json': 'Transcription',
  'retrieveJobResult verbose_json': 'VerboseTranscription',
  'inference json': 'WhisperCppTranscription',
  'inference verbose_json': 'WhisperCppVerbose',
};

function checkBody(answer: {
  request: ExampleRequest;
  mediaType: string;
  media: MediaType;
  body: string;
  check: CheckShape;
}): void {
  const { request, mediaType, media, body, check } = answer;
  const { operationId } = request.operation;
  const asked = new URL(request.url, 'http://localhost').searchParams.get('response_format');
  const format = String(request.fields?.response_format ?? asked ?? 'json');
  if (mediaType === 'application/json') {
    const declared = (media.schema.$ref as string | undefined)?.split('/').at(-1);
    const shape = declared ?? SHAPES[`${operationId} ${format}`];
    assert.ok(shape, `the test knows no shape of ${operationId} ${format}`);
    check(JSON.parse(body), shape);
  } else if (mediaType === 'text/event-stream') {
    if (operationId === 'listenToJob') checkJobEvents(body, check);
    else checkEvents(body, check);
  } else if (operationId === 'metrics') {
    assert.match(body, /^# HELP whosaid_requests_total /m);
  } else if (request.url.includes('output=json')) {
    check(JSON.parse(body), 'AsrTranscript');
  } else {
    assert.match(body, /travel/i);
  }
}

function checkEvents(body: string, check: CheckShape): void {
  const lines = body.split('\n').filter((line) => line.startsWith('data: '));
  const events = lines.map((line) => line.slice('data: '.length));
  assert.equal(events.pop(), '[DONE]');
  const parsed = events.map((event) => JSON.parse(event));
  for (const event of parsed) check(event, 'StreamEvent');
  const isDone = ({ type }: { type: string }) => type === 'transcript.text.done';
  assert.equal(parsed.filter(isDone).length, 1);
  assert.ok(parsed.length > 1);
}

function checkJobEvents(body: string, check: CheckShape): void {
  const lines = body.split('\n').filter((line) => line.startsWith('data: '));
  const events = lines.map((line) => JSON.parse(line.slice('data: '.length)));
  for (const event of events) check(event, 'JobEvent');
  assert.equal(events.at(-1).status, 'completed');
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { asrParameters } from '#src/adapters/asr-query.js';
import { whisperCppFields } from '#src/adapters/whisper-cpp-fields.js';
import { legacyFieldNames } from '#src/legacy/legacy-fields.js';
import { curlOf } from '#src/openapi/curl.js';
import { openapiDocument } from '#src/openapi/document.js';
import { referencePage } from '#src/openapi/reference/page.js';
import type { JsonSchema, Operation } from '#src/openapi/types.js';
import { jobFieldNames } from '#src/routes/jobs/job-fields.js';
import { jobQueryNames } from '#src/routes/jobs/list-jobs.js';
import { resultQueryNames } from '#src/routes/jobs/result-query.js';
import { speakerFieldNames } from '#src/routes/speaker-fields.js';
import { transcriptionFieldNames } from '#src/routes/transcription-fields.js';
import { errorCatalogue } from '#utils/errors/catalogue.js';

const document = openapiDocument({ version: '1.2.3', asrWebserviceApi: true, whisperCppApi: true });

const operationOf = (path: string): Operation => {
  const operation = document.paths[path]?.post;
  assert.ok(operation, path);
  return operation;
};

/** Names of the parts of an operation's form, without the brackets of lists. */
const formFields = (path: string): string[] => {
  const schema = operationOf(path).requestBody?.content['multipart/form-data']?.schema;
  return Object.keys(schema?.properties as JsonSchema)
    .map((name) => name.replace(/\[\]$/, ''))
    .sort();
};

const queryFields = (path: string, method: 'get' | 'post' = 'post'): string[] =>
  (document.paths[path]?.[method]?.parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .map(({ name }) => name.replace(/\[\]$/, ''))
    .sort();

describe('OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone({ ...document }));
    assert.ok(valid, JSON.stringify(errors));
    assert.equal(validator.version, '3.1');
  });

  for (const path of ['/audio/transcriptions', '/audio/translations']) {
    it(`has the fields of ${path} that the server reads, and no others`, () => {
      const read = [...transcriptionFieldNames, ...speakerFieldNames, 'extra_body', 'file'].sort();
      assert.deepEqual(formFields(path), read);
    });
  }

  it('has the fields of jobs that the server reads, and no others', () => {
    const refused = ['stream', 'progress'];
    const shared = [...transcriptionFieldNames, ...speakerFieldNames, 'extra_body', 'file'].filter(
      (name) => !refused.includes(name),
    );
    assert.deepEqual(formFields('/audio/jobs'), [...shared, ...jobFieldNames].sort());
    const ofBatches = jobFieldNames.filter((name) => name !== 'url');
    assert.deepEqual(formFields('/audio/jobs/batch'), [...shared, ...ofBatches].sort());
    assert.deepEqual(queryFields('/audio/jobs', 'get'), [...jobQueryNames].sort());
    assert.deepEqual(queryFields('/audio/jobs/{id}/result', 'get'), [...resultQueryNames].sort());
    for (const path of ['/transcribe', '/transcribe/async']) {
      assert.deepEqual(formFields(path), [...legacyFieldNames, 'file'].sort());
    }
  });

  it('has the parameters of the adapters that they read, and those they are known to ignore', () => {
    assert.deepEqual(formFields('/asr'), ['audio_file']);
    assert.deepEqual(queryFields('/asr'), [...asrParameters, 'vad_filter'].sort());
    assert.deepEqual(queryFields('/detect-language'), ['encode', 'model']);
    const ignored = ['temperature', 'temperature_inc'];
    assert.deepEqual(formFields('/inference'), [...whisperCppFields, ...ignored, 'file'].sort());
  });

  it('says nothing of adapters that are switched off', () => {
    const plain = openapiDocument({ version: '1', asrWebserviceApi: false, whisperCppApi: false });
    const paths = Object.keys(plain.paths);
    for (const path of ['/asr', '/detect-language', '/inference']) assert.ok(!paths.includes(path));
    assert.ok(!plain.tags.some(({ name }) => name === 'Adapters'));
  });

  it('declares every status of the error catalogue that a recording can be answered with', () => {
    const statuses = Object.values(errorCatalogue).map(({ status }) => String(status));
    const declared = Object.keys(operationOf('/audio/transcriptions').responses);
    const missing = [...new Set(statuses)].filter((status) => !declared.includes(status));
    // Methods that are not described, what is no request, and what only a job can be.
    assert.deepEqual(missing.toSorted(), ['405', '409', '426', '431']);
    assert.ok('409' in operationOf('/audio/jobs').responses);
  });

  it('declares errors of single operations with these alone', () => {
    const says = (path: string, status: number, code: string) => {
      const { get, post } = document.paths[path] ?? {};
      return (get ?? post)?.responses[status]?.description.includes(`\`${code}\``);
    };
    assert.ok(says('/ready', 503, 'not_ready'));
    for (const path of ['/audio/transcriptions', '/audio/translations', '/asr', '/inference']) {
      assert.ok(says(path, 503, 'server_busy'));
      assert.ok(!says(path, 503, 'not_ready'), path);
    }
  });

  it('has an example for every operation', () => {
    for (const [path, { get, post, delete: remove }] of Object.entries(document.paths)) {
      for (const operation of [get, post, remove]) {
        if (operation === undefined) continue;
        assert.ok(operation['x-codeSamples'].length > 0, path);
        for (const { examples = {} } of Object.values(operation.requestBody?.content ?? {}))
          assert.ok(Object.keys(examples).length > 0, path);
      }
    }
  });

  it('shows commands that a shell takes as they are meant', () => {
    const fields = {
      file: 'a.flac',
      'include[]': ['logprobs'],
      prompt: "it's $HOME",
      stream: true,
    };
    assert.equal(
      curlOf({ path: '/asr', query: { output: 'srt', task: 'translate' }, fields }),
      [
        "curl -N 'http://127.0.0.1:8000/asr?output=srt&task=translate'",
        '-F file=@test/fixtures/a.flac',
        "-F 'include[]=logprobs'",
        `-F 'prompt=it'\\''s $HOME'`,
        '-F stream=true',
      ].join(' \\\n  '),
    );
    assert.equal(
      curlOf({ path: '/jobs/1/cancel', method: 'POST', headers: { 'Idempotency-Key': 'a b' } }),
      ['curl -X POST http://127.0.0.1:8000/jobs/1/cancel', "-H 'Idempotency-Key: a b'"].join(
        ' \\\n  ',
      ),
    );
  });
});

describe('reference page', () => {
  const links = { style: 'style.css', document: 'openapi.json', tryOut: 'docs' };

  it('shows every operation and every shape, and links to nothing that is not there', () => {
    const page = referencePage(document, links);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    for (const target of targets) assert.ok(ids.includes(target), target);
    for (const { get, post, delete: remove } of Object.values(document.paths)) {
      for (const operation of [get, post, remove]) {
        if (operation) assert.ok(ids.includes(operation.operationId));
      }
    }
    for (const name of Object.keys(document.components.schemas)) {
      assert.ok(ids.includes(`schema-${name}`));
    }
  });

  it('shows markup in a document as text', () => {
    const title = '<script>alert("1")</script> & `<b>`';
    const page = referencePage({ ...document, info: { ...document.info, title } }, links);
    assert.doesNotMatch(page, /<script>/);
    assert.match(page, /&lt;script&gt;alert\(&quot;1&quot;\)&lt;\/script&gt; &amp;/);
  });
});

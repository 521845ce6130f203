import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { shortClip } from '../support/clips.js';
import { fixture } from '../support/paths.js';
import {
  assertError,
  filePart,
  multipart,
  type Part,
  type RawResponse,
  rawRequest,
  textParts,
} from '../support/raw-http.js';
import { openFiles, startTestServer, type TestServer, until } from '../support/start-server.js';

const MAX_UPLOAD_BYTES = 2_000_000;
const SENTENCE = /We spent less on travel/;

describe('uploads', () => {
  let server: TestServer;
  let endpoint: string;
  before(async () => {
    server = await startTestServer({ MAX_UPLOAD_BYTES: String(MAX_UPLOAD_BYTES) });
    endpoint = `${server.url}/v1/audio/transcriptions`;
  });
  after(() => server.close());
  afterEach(() => server.untilClean());

  const post = (parts: readonly Part[]) =>
    rawRequest(endpoint, { method: 'POST', ...multipart(parts) });
  const assertTranscribed = (response: RawResponse) => {
    assert.equal(response.status, 200, response.body);
    assert.match(JSON.parse(response.body).text, SENTENCE);
  };

  it('are asked for when a client asks before it sends, and not when they would be refused', async () => {
    const { headers, body } = multipart([filePart(shortClip()), ...textParts({ model: 'x-1' })]);
    const ask = async (bytes: number) => {
      const request = httpRequest(endpoint, {
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': bytes, expect: '100-continue' },
      });
      let isAsked = false;
      request.on('error', () => {});
      request.once('continue', () => {
        isAsked = true;
        request.end(body);
      });
      request.flushHeaders();
      const [{ statusCode }] = await once(request, 'response');
      request.destroy();
      return { isAsked, statusCode };
    };
    assert.deepEqual(await ask(body.length), { isAsked: true, statusCode: 404 });
    assert.deepEqual(await ask(MAX_UPLOAD_BYTES + 1), { isAsked: false, statusCode: 413 });
  });

  describe('are transcribed', () => {
    const model = textParts({ model: 'whisper-1' });
    const file = (part: Partial<Part>): Part[] => [
      { name: 'file', value: shortClip(), ...part },
      ...model,
    ];
    const cases: [string, () => Part[]][] = [
      ['when the file comes before the model', () => [filePart(shortClip()), ...model]],
      ['when the file comes after the model', () => [...model, filePart(shortClip())]],
      ['when the file has a wrong extension', () => [filePart(shortClip(), 'a.mp3'), ...model]],
      ['when the file has no extension', () => [filePart(shortClip(), 'blob'), ...model]],
      [
        'when the file name leaves its folder',
        () => [filePart(shortClip(), '../../../../etc/passwd'), ...model],
      ],
      [
        'when the file name is Unicode, long and odd',
        () => [filePart(shortClip(), `Ünï ☃ ${'x'.repeat(300)} %00;.wav`), ...model],
      ],
      ['when the file name is empty', () => file({ disposition: '; filename=""' })],
      [
        'when the file has a type but no name',
        () => file({ contentType: 'application/octet-stream' }),
      ],
      ['when the file has an audio type but no name', () => file({ contentType: 'audio/wav' })],
      ['when the file has neither name nor type', () => file({})],
      [
        'when the file has a type that is wrong',
        () => file({ disposition: '; filename="a.wav"', contentType: 'text/html' }),
      ],
      [
        'when fields are unknown, empty or repeated',
        () => [
          ...file({}),
          ...textParts({
            language: '',
            prompt: '',
            temperature: '',
            response_format: '',
            'timestamp_granularities[]': '',
            stream: 'false',
            chunking_strategy: 'auto',
            'nested[field][]': 'x',
            __proto__: 'x',
          }),
          ...model,
        ],
      ],
      ['when the language is auto', () => [...file({}), ...textParts({ language: 'auto' })]],
      ['when the language is a name', () => [...file({}), ...textParts({ language: 'English' })]],
      [
        'when segments are asked for in a format without them',
        () => [...file({}), ...textParts({ 'timestamp_granularities[]': 'segment' })],
      ],
    ];
    for (const [name, parts] of cases) {
      it(name, async () => assertTranscribed(await post(parts())));
    }
  });

  describe('that are too large', () => {
    const large = () =>
      multipart([filePart(Buffer.alloc(3_000_000)), ...textParts({ model: 'x' })]);
    const expected = { status: 413, code: 'upload_too_large', param: 'file' };

    it('are refused by their Content-Length before they are read', async () => {
      const { headers, body } = large();
      const request = httpRequest(endpoint, {
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': body.length },
      });
      // Only the first bytes are sent: the answer must not wait for the rest.
      request.write(body.subarray(0, 1000));
      request.on('error', () => {});
      const [response] = await once(request, 'response');
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      request.destroy();
      assertError(
        { status: response.statusCode, headers: response.headers, body: text },
        {
          ...expected,
          message: new RegExp(
            `limit \\(${MAX_UPLOAD_BYTES}\\) exceeded \\(${body.length} bytes read\\)`,
          ),
        },
      );
    });

    it('are refused in the middle when they are chunked, however much is to come', async () => {
      const { headers, body } = large();
      let sentBytes = 0;
      const response = await rawRequest(endpoint, {
        method: 'POST',
        headers,
        body: (async function* () {
          for (let at = 0; at < 200_000_000; at += 50_000) {
            sentBytes += 50_000;
            yield at < body.length - 50_000 ? body.subarray(at, at + 50_000) : Buffer.alloc(50_000);
            await pause(1);
          }
        })(),
      });
      assertError(response, {
        ...expected,
        message: /limit \(2000000\) exceeded \(20\d{5} bytes read\)/,
      });
      assert.ok(sentBytes < 20_000_000, `${sentBytes} bytes were sent before the answer came`);
    });
  });

  describe('that are aborted', () => {
    it('in the middle leave no file, and the server goes on', async () => {
      const { headers, body } = multipart([filePart(shortClip()), ...textParts({ model: 'x' })]);
      const { port, hostname } = new URL(server.url);
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.write(
        `POST /v1/audio/transcriptions HTTP/1.1\r\nHost: ${hostname}\r\ncontent-type: ${headers['content-type']}\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      socket.write(body.subarray(0, body.length / 2));
      await until(async () => (await server.leftovers()).length > 1, 'no upload had begun');
      socket.destroy();
      await server.untilClean();
      await until(
        () => server.logs.some(({ fields }) => fields.aborted && fields.status === 499),
        'the log does not say that the upload was aborted',
      );
      assertTranscribed(await post([filePart(shortClip()), ...textParts({ model: 'whisper-1' })]));
    });

    it('while they are transcribed leave no file and stop the work', async () => {
      const from = server.logs.length;
      const controller = new AbortController();
      // Long enough to be still at it when the client leaves.
      const recording = await readFile(fixture('two-speakers-clean'));
      const { headers, body } = multipart([
        filePart(recording),
        ...textParts({ model: 'whisper-1' }),
      ]);
      const answer = fetch(endpoint, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
        signal: controller.signal,
      });
      await until(async () => (await server.leftovers()).length > 1, 'no upload had begun');
      await pause(200);
      controller.abort();
      await assert.rejects(answer);
      await server.untilClean();
      await until(
        () => server.logs.slice(from).some(({ fields }) => fields.aborted),
        'the log does not say that the client left',
      );
    });
  });

  describe('one after another and side by side', () => {
    const good = () => post([filePart(shortClip()), ...textParts({ model: 'whisper-1' })]);

    it('leave as many files open as before: five in a row, then three at once', async (test) => {
      await good();
      await server.untilClean();
      const before = await openFiles();
      const texts = new Set<string>();
      for (let round = 0; round < 5; round++) texts.add(textOf(await good()));
      const together = await Promise.all([good(), good(), good()]);
      for (const response of together) texts.add(textOf(response));
      assert.equal(texts.size, 1, 'the same recording gave different texts');
      await server.untilClean();
      if (before === undefined) return test.diagnostic('open files cannot be counted here');
      await until(
        async () => (await openFiles())?.length === before.length,
        `more files are open than before: ${await openFiles()} instead of ${before}`,
      );
    });

    it('leave as many files open as before when they fail', async (test) => {
      const bad = () => post([filePart('not audio'), ...textParts({ model: 'whisper-1' })]);
      await bad();
      const before = await openFiles();
      for (let round = 0; round < 5; round++) assert.equal((await bad()).status, 400);
      await Promise.all([bad(), bad(), bad()]);
      await server.untilClean();
      if (before === undefined) return test.diagnostic('open files cannot be counted here');
      await until(
        async () => (await openFiles())?.length === before.length,
        `more files are open than before: ${await openFiles()} instead of ${before}`,
      );
    });
  });

  it('are logged with method, route, status, time and sizes, without names', async () => {
    const from = server.logs.length;
    await post([filePart(shortClip(), 'secret-name.wav'), ...textParts({ model: 'whisper-1' })]);
    await until(
      () => server.logs.slice(from).some(({ message }) => message === 'Request'),
      'the request was not logged',
    );
    const line = server.logs.slice(from).find(({ message }) => message === 'Request');
    const { requestId, ms, bytesIn, bytesOut, audioSeconds, ...rest } = line?.fields ?? {};
    const { receivingMs, waitingMs, workingMs, ...named } = rest;
    assert.deepEqual(named, {
      method: 'POST',
      route: '/v1/audio/transcriptions',
      status: 200,
      model: 'moonshine-base-en',
    });
    const phases = Number(receivingMs) + Number(waitingMs) + Number(workingMs);
    assert.ok(phases > 0 && phases <= Number(ms) + 3, `${phases} of ${ms}`);
    assert.match(String(requestId), /^req_\w{32}$/);
    assert.ok(Number(ms) > 0 && Number(bytesIn) > 140_000 && Number(bytesOut) > 100);
    assert.ok(Math.abs(Number(audioSeconds) - 4.6) < 0.01);
    assert.doesNotMatch(JSON.stringify(server.logs), /secret-name|spent less/);
  });
});

function textOf(response: RawResponse): string {
  assert.equal(response.status, 200, response.body);
  return JSON.parse(response.body).text;
}

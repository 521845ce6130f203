import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { shortClip } from '../support/clips.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { isOfRole } from '../support/gateway-process.js';
import { makeLongMp3 } from '../support/long-files.js';
import { testFolder } from '../support/paths.js';
import { childrenOf, eventually } from '../support/processes.js';
import { filePart, multipart, rawRequest, textParts } from '../support/raw-http.js';
import { holdUpload } from '../support/slow-upload.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

// Processes are looked up in /proc.
const skip = process.platform !== 'linux' && 'there is no /proc here';
/** On any machine, however busy. */
const PATIENCE_MS = 20_000;

type Health = {
  readonly requests: { readonly receiving: number; readonly waiting: number; running: number };
  readonly engines: readonly { readonly role: string; readonly state: string }[];
};

describe('a client that leaves', { skip }, () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let server: TestServer;
  let endpoint: string;
  let long: Buffer;
  let engines: number[];
  before(async () => {
    folder = await testFolder();
    const path = await makeLongMp3(
      { folder: folder.path, name: 'long.mp3' },
      fixturePcm('two-speakers-clean'),
      600,
    );
    long = await readFile(path);
    server = await startTestServer({ SPEAKER_HOSTS: '1', MAX_CONCURRENT_REQUESTS: '1' });
    endpoint = `${server.url}/v1/audio/transcriptions`;
    // Speaker models are loaded by who asks for them first.
    assert.equal((await post({ response_format: 'diarized_json' })).status, 200);
    engines = childrenOf().filter((pid) => isOfRole(pid, 'speech') || isOfRole(pid, 'speaker'));
    assert.equal(engines.length, 2);
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });
  afterEach(async () => {
    const isQuiet = async () => {
      const { requests, engines } = await health();
      const { receiving, waiting, running } = requests;
      return receiving + waiting + running === 0 && engines.every(({ state }) => state === 'ready');
    };
    await eventually('no seat is taken and no engine works', isQuiet, PATIENCE_MS);
    await eventually('only the next decoder is there', () => decoders() <= 1, PATIENCE_MS);
    assert.deepEqual(
      childrenOf().filter((pid) => isOfRole(pid, 'speech') || isOfRole(pid, 'speaker')),
      engines,
      'an engine had to be replaced',
    );
    await server.untilClean();
    const next = await post();
    assert.equal(next.status, 200, next.body);
    assert.match(JSON.parse(next.body).text, /spent less on travel/);
  });

  const decoders = () => childrenOf().filter((pid) => isOfRole(pid, 'decoder')).length;
  const bodyOf = (audio: Buffer, fields: Record<string, string> = {}) =>
    multipart([...textParts({ model: 'whisper-1', ...fields }), filePart(audio)]);
  const post = (fields: Record<string, string> = {}) =>
    rawRequest(endpoint, { method: 'POST', ...bodyOf(shortClip(), fields) });
  const health = async (): Promise<Health> =>
    JSON.parse((await rawRequest(`${server.url}/health`)).body);
  const untilRequests = (what: keyof Health['requests'], count = 1) =>
    eventually(
      `${count} are ${what}`,
      async () => (await health()).requests[what] === count,
      PATIENCE_MS,
    );
  const untilBusy = (role: string) =>
    eventually(
      `the ${role} engine works`,
      async () =>
        (await health()).engines.some((each) => each.role === role && each.state === 'busy'),
      PATIENCE_MS,
    );
  /** Sends a whole request with the long recording. */
  const send = (fields: Record<string, string> = {}) => {
    const { headers, body } = bodyOf(long, fields);
    const request = httpRequest(endpoint, {
      method: 'POST',
      agent: false,
      headers: { ...headers, 'content-length': body.length },
    });
    request.on('error', () => {});
    request.end(body);
    return request;
  };

  it('in the middle of the headers is forgotten', async () => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write('POST /v1/audio/transcriptions HTTP/1.1\r\nHost: loc');
    socket.destroy();
  });

  it('after the headers gives its seat back', async () => {
    const request = httpRequest(endpoint, {
      method: 'POST',
      agent: false,
      headers: { ...bodyOf(long).headers, 'content-length': 1_000_000 },
    });
    request.on('error', () => {});
    request.flushHeaders();
    await untilRequests('receiving');
    request.destroy();
  });

  it('in the middle of the upload leaves nothing of it', async () => {
    const held = holdUpload(endpoint, bodyOf(long));
    await untilRequests('receiving');
    await eventually('a part is there', async () => (await server.leftovers()).length >= 2);
    held.leave();
  });

  it('while it waits is not waited for', async () => {
    const first = send();
    await untilRequests('running');
    const second = send();
    await untilRequests('waiting');
    second.destroy();
    await untilRequests('waiting', 0);
    first.destroy();
  });

  it('when decoding has just begun stops it', async () => {
    const request = send();
    await untilRequests('running');
    request.destroy();
  });

  it('in the middle of recognition stops it', async () => {
    const request = send();
    await untilBusy('speech');
    request.destroy();
  });

  it('in the middle of diarization stops it', async () => {
    const request = send({ response_format: 'diarized_json' });
    await untilBusy('speaker');
    request.destroy();
  });

  it('in the middle of a stream stops what makes it', async () => {
    const request = send({ stream: 'true' });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    let text = '';
    response.setEncoding('utf8').on('error', () => {});
    for await (const chunk of response) {
      text += chunk;
      if (text.includes('transcript.text.delta')) break;
    }
    assert.match(text, /transcript\.text\.delta/);
    request.destroy();
  });
});

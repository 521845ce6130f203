import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { germanClip, mixedClip, namesClip, shortClip, silence } from '../support/clips.js';
import { parseStream } from '../support/event-stream.js';
import { formOf, jobClient } from '../support/job-client.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { modelsWithWhisper, WHISPER_MODEL } from '../support/whisper-model.js';

const DEFAULT_MODEL = 'moonshine-base-en';
const KEYWORDS = ['Kubernetes', 'Fiona Whitlock', 'Moreno'];

type Fields = Readonly<Record<string, string | readonly string[]>>;

const models = await modelsWithWhisper();
let server: TestServer;
before(async () => {
  server = await startTestServer(models ? { MODELS_DIR: models.path } : {});
});
after(async () => {
  await server.close();
  await models?.remove();
});

async function post(audio: Buffer, fields: Fields, path = '/v1/audio/transcriptions') {
  const response = await fetch(server.url + path, {
    method: 'POST',
    body: formOf({ file: [audio] }, fields),
  });
  const header = (name: string) => response.headers.get(`x-whosaid-${name}`);
  const body = await response.text();
  const json = body.startsWith('{') ? JSON.parse(body) : undefined;
  return { status: response.status, header, body, json };
}

describe('model=auto', () => {
  it('keeps the default model for its own language, and where nobody speaks', async () => {
    const auto = { model: 'auto', response_format: 'verbose_json' };
    const spoken = await post(shortClip(), auto);
    assert.equal(spoken.status, 200, spoken.body);
    assert.equal(spoken.header('model'), DEFAULT_MODEL);
    assert.match(spoken.json.text, /electricity/);
    assert.equal(spoken.json.language, 'english');
    const silent = await post(silence(2), auto);
    assert.equal(silent.status, 200, silent.body);
    assert.equal(silent.header('model'), DEFAULT_MODEL);
    assert.match(silent.header('language') ?? '', /^unknown; reason=/);
  });

  it('needs no recording where the language is sent', async () => {
    const answer = await post(shortClip(), { model: 'auto', language: 'en' });
    assert.equal(answer.status, 200, answer.body);
    assert.equal(answer.header('language'), null);
  });
});

describe('model=auto with a model that tells languages apart', {
  skip: models === undefined && 'Whisper is not on this machine',
}, () => {
  it('takes one that knows the language of the first speech, and says so', async () => {
    const fields = { model: 'auto', response_format: 'verbose_json' };
    const answer = await post(germanClip(), fields);
    assert.equal(answer.status, 200, answer.body);
    assert.equal(answer.header('model'), WHISPER_MODEL);
    assert.equal(answer.header('language'), `de; detected-by=${WHISPER_MODEL}`);
    assert.equal(answer.json.language, 'german');
    assert.match(answer.json.text, /Guten Morgen/i);
  });

  it('says it in a stream and in a job, too', async () => {
    const stream = await post(germanClip(), { model: 'auto', stream: 'true' });
    assert.equal(stream.header('model'), WHISPER_MODEL);
    assert.match(stream.body, /Guten Morgen/i);
    const client = jobClient(server.url);
    const job = await client.create(germanClip(), { model: 'auto' });
    assert.equal(job.model, WHISPER_MODEL);
    const { status } = await client.ended(job.id);
    assert.equal(status, 'completed');
  });

  it('says of each segment in which language it is, where languages that may be spoken were sent', async () => {
    const fields = { model: WHISPER_MODEL, response_format: 'verbose_json' };
    const said = await post(mixedClip(), { ...fields, 'languages[]': ['en', 'de'] });
    assert.equal(said.status, 200, said.body);
    const languages = said.json.segments.map(({ language }: { language: string }) => language);
    assert.deepEqual([...new Set(languages)], ['en', 'de'], said.body);
    const plain = await post(mixedClip(), fields);
    assert.ok(plain.json.segments.every((segment: object) => !('language' in segment)));
  });

  it('refuses what no installed model can do in that language, naming one to fetch', async () => {
    const fields = { model: 'auto', 'include[]': 'logprobs', response_format: 'json' };
    const { status, json } = await post(germanClip(), fields);
    assert.equal(status, 400);
    assert.equal(json.error.param, 'model');
    assert.match(json.error.message, /in german.*models pull parakeet-tdt-0\.6b-v3/i);
  });
});

describe('prompt and keywords', () => {
  it('are not ignored in silence where the model cannot be told words', async () => {
    const plain = await post(shortClip(), { model: DEFAULT_MODEL });
    assert.equal(plain.header('vocabulary'), null);
    const told = await post(shortClip(), { model: DEFAULT_MODEL, 'keywords[]': KEYWORDS });
    assert.match(told.header('vocabulary') ?? '', /^none; reason=".*spelling_correction is off"$/);
    assert.equal(told.json.text, plain.json.text);
    const empty = await post(shortClip(), {
      model: DEFAULT_MODEL,
      prompt: 'And then we went on.',
      spelling_correction: 'true',
    });
    assert.match(empty.header('vocabulary') ?? '', /^none; reason="no names/);
  });

  it('correct near misses where that is asked for, times kept', async () => {
    const fields = {
      model: DEFAULT_MODEL,
      response_format: 'verbose_json',
      'timestamp_granularities[]': ['word', 'segment'],
    };
    const heard = await post(namesClip(), fields);
    const wanted = { 'keywords[]': KEYWORDS, spelling_correction: 'true' };
    const answer = await post(namesClip(), { ...fields, ...wanted });
    assert.equal(answer.header('vocabulary'), 'spelling');
    assert.doesNotMatch(heard.json.text, /Kubernetes/);
    assert.match(answer.json.text, /Kubernetes/);
    assert.match(answer.json.segments[0].text, /Kubernetes/);
    const at = answer.json.words.findIndex(({ word }: { word: string }) => word === 'Kubernetes');
    assert.ok(at > 0);
    const { start, end } = answer.json.words[at];
    assert.deepEqual({ start, end }, timesOf(heard.json.words[at]));
  });

  it('correct segments of a stream and of a job, from a prompt, too', async () => {
    const fields = {
      model: DEFAULT_MODEL,
      prompt: `Names: ${KEYWORDS.join(', ')}.`,
      spelling_correction: 'true',
    };
    const stream = await post(namesClip(), { ...fields, stream: 'true' });
    assert.equal(stream.header('vocabulary'), 'spelling');
    const { events } = parseStream(stream.body);
    assert.match(
      String(events.find(({ type }) => type === 'transcript.text.delta')?.delta),
      /Kubernetes/,
    );
    assert.match(String(events.at(-1)?.text), /Kubernetes/);
    const client = jobClient(server.url);
    const job = await client.create(namesClip(), fields);
    assert.equal(job.vocabulary, 'spelling');
    await client.ended(job.id);
    assert.match(await (await client.result(job.id)).text(), /Kubernetes/);
  });

  it('are checked as fields', async () => {
    const { status, json } = await post(shortClip(), {
      model: DEFAULT_MODEL,
      spelling_correction: 'perhaps',
    });
    assert.equal(status, 400);
    assert.equal(json.error.param, 'spelling_correction');
  });
});

function timesOf({ start, end }: { start: number; end: number }) {
  return { start, end };
}

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import OpenAI, { BadRequestError, toFile } from 'openai';
import type { TranscriptionDiarizedSegment } from 'openai/resources/audio/transcriptions';
import { parseSync } from 'subtitle';
import { silence } from '../support/clips.js';
import { createDiarized } from '../support/diarized.js';
import { encodeMedia } from '../support/encode-media.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { testFolder } from '../support/paths.js';
import { startTestServer, type TestServer } from '../support/start-server.js';
import { spokenTurns } from '../support/telephone-call.js';
import {
  bothAtOnce,
  dataUrl,
  monologue,
  piece,
  stereoCall,
  tune,
  twoVoices,
  voiceSample,
  wavOf,
} from '../support/voices.js';

/** Alice begins and has four turns, Bruno three. */
const CLIP_SECONDS = 26;
const MODEL = 'gpt-4o-transcribe-diarize';

const clientOf = (server: TestServer) =>
  new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'any', maxRetries: 0 });

/** Fields that the SDK's types do not know; it sends them as they are. */
const ours = (fields: Record<string, unknown>) => fields as object;

const conversation = async () => ({
  file: await toFile(wavOf(piece(0, CLIP_SECONDS)), 'conversation.wav'),
});

/** Asserts that most words of each person's turns are said by the speaker who has that person's name here. */
function assertSaid(
  spoken: readonly { readonly speaker: string; readonly text: string }[],
  names: Readonly<Record<string, string>>,
): void {
  const wordsOf = (text: string): string[] => text.toLowerCase().match(/[a-z']+/g) ?? [];
  for (const [person, name] of Object.entries(names)) {
    const own = spokenTurns().filter(
      ({ speaker, end }) => speaker === person && end < CLIP_SECONDS,
    );
    const expected = own.flatMap(({ text }) => wordsOf(text));
    const said = wordsOf(
      spoken.flatMap((each) => (each.speaker === name ? each.text : [])).join(' '),
    );
    const hits = expected.filter((word) => said.includes(word)).length;
    assert.ok(hits >= 0.9 * expected.length, `${name} said only ${hits}: ${said.join(' ')}`);
    const surplus = said.filter((word) => !expected.includes(word)).length;
    assert.ok(
      surplus <= 0.1 * expected.length,
      `${name} said what was another's: ${said.join(' ')}`,
    );
  }
  const known = new Set(Object.values(names));
  for (const { speaker } of spoken) assert.ok(known.has(speaker), `who is ${speaker}?`);
}

const bothByLetter = { Alice: 'A', Bruno: 'B' };

describe('who spoke', () => {
  let server: TestServer;
  let client: OpenAI;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    folder = await testFolder();
    server = await startTestServer();
    client = clientOf(server);
  });
  after(async () => {
    await server.close();
    await folder.remove();
  });
  afterEach(async () => assert.deepEqual(await server.leftovers(), []));

  const create = () => client.audio.transcriptions;
  const diarized = async (samples: Int16Array, fields: Record<string, unknown> = {}) =>
    createDiarized(client, { file: await toFile(wavOf(samples), 'a.wav'), model: MODEL }, fields);
  const speakersOf = (segments: readonly TranscriptionDiarizedSegment[]) =>
    new Set(segments.map(({ speaker }) => speaker));

  describe('is told in', () => {
    it("diarized_json as OpenAI's SDK types it", async () => {
      const transcription = await createDiarized(client, {
        ...(await conversation()),
        model: MODEL,
        chunking_strategy: 'auto',
      });
      assert.deepEqual(Object.keys(transcription), [
        'task',
        'duration',
        'text',
        'segments',
        'usage',
      ]);
      assert.equal(transcription.task, 'transcribe');
      assert.equal(transcription.duration, CLIP_SECONDS);
      assert.deepEqual(transcription.usage, { type: 'duration', seconds: CLIP_SECONDS });
      transcription.segments.forEach((segment, index) => {
        assert.deepEqual(Object.keys(segment), ['type', 'id', 'start', 'end', 'text', 'speaker']);
        assert.equal(segment.type, 'transcript.text.segment');
        assert.equal(segment.id, `seg_${index}`);
        assert.ok(segment.text.startsWith(' ') && segment.start < segment.end);
      });
      const joined = transcription.segments.map(({ text }) => text).join('');
      assert.equal(joined.trim(), transcription.text);
      assertSaid(transcription.segments, bothByLetter);
    });

    it('text, with a line for each turn', async () => {
      const text: unknown = await create().create({
        ...(await conversation()),
        model: MODEL,
        response_format: 'text',
      });
      assert.ok(typeof text === 'string');
      const lines = text.trimEnd().split('\n');
      const spoken = lines.map((line) => {
        const [, speaker = '', said = ''] = /^([AB]): (\S.*)$/.exec(line) ?? [];
        return { speaker, text: said };
      });
      assertSaid(spoken, bothByLetter);
      // Alice, Bruno, Alice, Bruno: what one says in several segments is one line.
      assert.deepEqual(
        spoken.map(({ speaker }) => speaker),
        ['A', 'B', 'A', 'B'],
      );
    });

    for (const [format, pattern] of [
      ['srt', /^([AB]): (.*)$/],
      ['vtt', /^<v ([AB])>(.*)$/],
    ] as const) {
      it(`${format}, in every cue`, async () => {
        const body: unknown = await create().create({
          ...(await conversation()),
          model: 'whisper-1',
          response_format: format,
          ...ours({ diarize: true }),
        });
        assert.ok(typeof body === 'string');
        const cues = parseSync(body).flatMap((node) => (node.type === 'cue' ? [node.data] : []));
        const spoken = cues.map(({ text }) => {
          const [, speaker = '', said = ''] = pattern.exec(text) ?? [];
          return { speaker, text: said };
        });
        assertSaid(spoken, bothByLetter);
        for (const { start, end } of cues) assert.ok(start < end && end <= CLIP_SECONDS * 1000);
      });
    }

    it('verbose_json, on segments and on words', async () => {
      const transcription = await create().create({
        ...(await conversation()),
        model: MODEL,
        response_format: 'verbose_json',
        timestamp_granularities: ['word', 'segment'],
      });
      type Spoken = { speaker: string };
      const segments = (transcription.segments ?? []) as unknown as (Spoken & { text: string })[];
      const words = (transcription.words ?? []) as unknown as (Spoken & { word: string })[];
      assertSaid(segments, bothByLetter);
      assertSaid(
        words.map(({ speaker, word }) => ({ speaker, text: word })),
        bothByLetter,
      );
      assert.equal(Object.keys(segments[0] ?? {}).length, 11);
    });
  });

  describe('in json', () => {
    const json = async (model: string, fields: Record<string, unknown> = {}) =>
      create().create({ ...(await conversation()), model, ...ours(fields) });

    for (const [what, fields] of [
      ['diarize=true', { diarize: true }],
      ['extra_body as the SDK sends it', { extra_body: { diarize: true } }],
      ['num_speakers', { num_speakers: 2 }],
      ['max_speakers', { max_speakers: 2 }],
    ] as const) {
      it(`is told where a field of ours asks for it: ${what}`, async () => {
        const transcription = await json('whisper-1', fields);
        assert.deepEqual(Object.keys(transcription), ['text', 'segments', 'usage']);
        const { segments } = transcription as unknown as {
          segments: { start: number; end: number; speaker: string; text: string }[];
        };
        assert.deepEqual(Object.keys(segments[0] ?? {}), ['start', 'end', 'text', 'speaker']);
        assertSaid(segments, bothByLetter);
      });
    }

    it("is not told where only a model id or known voices of OpenAI's API ask for it", async () => {
      const known_speaker_names = ['Alice'];
      const known_speaker_references = [dataUrl(wavOf(voiceSample('Alice')))];
      for (const transcription of [
        await json(MODEL),
        await json('moonshine-base-en-diarize'),
        await json('whisper-1', { known_speaker_names, known_speaker_references }),
      ]) {
        assert.deepEqual(Object.keys(transcription), ['text', 'usage']);
      }
    });

    it('is not told where diarize=false', async () => {
      const transcription = await json(MODEL, { diarize: false });
      assert.deepEqual(Object.keys(transcription), ['text', 'usage']);
    });
  });

  describe('with known voices', () => {
    const alice = dataUrl(wavOf(voiceSample('Alice')));
    const bruno = dataUrl(wavOf(voiceSample('Bruno')));
    const conversationWith = (fields: Record<string, unknown>) =>
      diarized(piece(0, CLIP_SECONDS), fields);

    it('is told by name', async () => {
      const { segments } = await createDiarized(client, {
        ...(await conversation()),
        model: MODEL,
        known_speaker_names: ['Bruno', 'Älice & <Co>'],
        known_speaker_references: [bruno, alice],
      });
      assertSaid(segments, { Alice: 'Älice & <Co>', Bruno: 'Bruno' });
    });

    it('is told by name when they come inside extra_body', async () => {
      const { segments } = await conversationWith({
        extra_body: {
          known_speaker_names: ['Alice', 'Bruno'],
          known_speaker_references: [alice, bruno],
        },
      });
      assertSaid(segments, { Alice: 'Alice', Bruno: 'Bruno' });
    });

    it('leaves a voice that is not known a letter', async () => {
      const { segments } = await conversationWith({
        known_speaker_names: ['Bruno'],
        known_speaker_references: [bruno],
      });
      assertSaid(segments, { Alice: 'A', Bruno: 'Bruno' });
    });

    it('names nobody who does not speak', async () => {
      const chen = fixturePcm('three-speakers-reverb').slice(13.6 * 16_000, 16.4 * 16_000);
      const { segments } = await conversationWith({
        known_speaker_names: ['Chen'],
        known_speaker_references: [dataUrl(wavOf(chen))],
      });
      assertSaid(segments, bothByLetter);
    });

    it('takes references in other formats, whatever their media type says', async () => {
      const path = join(folder.path, 'alice.mp3');
      const audio = {
        codec: 'libmp3lame',
        sampleFormat: 's16p',
        sampleRate: 44_100,
        channels: 2,
      } as const;
      encodeMedia(path, voiceSample('Alice'), { format: 'mp3', audio });
      const { segments } = await conversationWith({
        known_speaker_names: ['Alice'],
        known_speaker_references: [dataUrl(await readFile(path), 'text/plain')],
      });
      assertSaid(segments, { Alice: 'Alice', Bruno: 'A' });
    });

    for (const [what, sample, message] of [
      ['too long', wavOf(piece(0, 12)), /1\.2 to 10 seconds; number 1 is more than 10 /],
      ['silent', silence(3), /number 1 has 0/],
      ['of two voices', wavOf(twoVoices()), /one voice.*2 are heard in number 1/],
    ] as const) {
      it(`refuses a reference that is ${what}`, async () => {
        const request = conversationWith({
          known_speaker_names: ['Alice'],
          known_speaker_references: [dataUrl(sample)],
        });
        await assert.rejects(request, (error) => {
          assert.ok(error instanceof BadRequestError, String(error));
          assert.deepEqual(
            [error.code, error.param],
            ['invalid_value', 'known_speaker_references'],
          );
          assert.match(error.message, message);
          return true;
        });
      });
    }
  });

  describe('of', () => {
    it('a number of speakers that is said is that number at most', async () => {
      const { segments } = await diarized(piece(0, CLIP_SECONDS), { num_speakers: 1 });
      assert.deepEqual(speakersOf(segments), new Set(['A']));
    });

    it('a stereo file that is mixed: by voice', async () => {
      const { segments } = await createDiarized(client, {
        file: await toFile(stereoCall(CLIP_SECONDS), 'call.wav'),
        model: MODEL,
      });
      assertSaid(segments, bothByLetter);
    });

    it('a monologue is one speaker', async () => {
      const { segments } = await diarized(monologue('Alice'));
      assert.ok(segments.length > 0);
      assert.deepEqual(speakersOf(segments), new Set(['A']));
    });

    it('one word is one speaker at most', async () => {
      // "Please", between two silences. What is read there is not the matter here.
      const samples = new Int16Array(2.5 * 16_000);
      samples.set(piece(17.7, 0.5), 16_000);
      const { segments } = await diarized(samples);
      assert.ok(speakersOf(segments).size <= 1);
    });

    it('silence is nobody, in every format', async () => {
      const file = () => toFile(silence(4), 'silence.wav');
      const { segments, text } = await createDiarized(client, {
        file: await file(),
        model: MODEL,
      });
      assert.deepEqual({ segments, text }, { segments: [], text: '' });
      for (const [format, body] of [
        ['text', '\n'],
        ['srt', ''],
        ['vtt', 'WEBVTT\n\n'],
      ] as const) {
        const answer: unknown = await create().create({
          file: await file(),
          model: MODEL,
          response_format: format,
        });
        assert.equal(answer, body);
      }
    });

    it('music alone is an answer, and what is read into it has a speaker', async () => {
      const { segments } = await diarized(tune(20));
      for (const { speaker } of segments) assert.match(speaker, /^[A-Z]+$/);
    });

    it('two people who always talk at once is an answer with a speaker for everything', async () => {
      const { segments, text } = await diarized(bothAtOnce(), { max_speakers: 2 });
      assert.ok(text.length > 0);
      for (const { speaker } of segments) assert.match(speaker, /^[AB]$/);
    });
  });

  it('leaves no name in the log', () => {
    assert.doesNotMatch(JSON.stringify(server.logs), /Alice|Bruno|Älice|Chen|spent less/);
  });
});

describe('a server that always tells who spoke', () => {
  let server: TestServer;
  let client: OpenAI;
  before(async () => {
    server = await startTestServer({ ENABLE_SPEAKER_DIARIZATION: 'always' });
    client = clientOf(server);
  });
  after(() => server.close());
  afterEach(async () => assert.deepEqual(await server.leftovers(), []));

  it('adds segments with speakers to json that nobody asked for', async () => {
    const transcription = await client.audio.transcriptions.create({
      ...(await conversation()),
      model: 'whisper-1',
    });
    assert.deepEqual(Object.keys(transcription), ['text', 'segments', 'usage']);
    const { segments } = transcription as unknown as {
      segments: { speaker: string; text: string }[];
    };
    assertSaid(segments, bothByLetter);
  });

  it('names them in subtitles', async () => {
    const body: unknown = await client.audio.transcriptions.create({
      ...(await conversation()),
      model: 'whisper-1',
      response_format: 'vtt',
    });
    assert.match(String(body), /<v A>.*<v B>/s);
  });

  it('does without for a request that says so', async () => {
    const transcription = await client.audio.transcriptions.create({
      ...(await conversation()),
      model: 'whisper-1',
      ...ours({ diarize: false }),
    });
    assert.deepEqual(Object.keys(transcription), ['text', 'usage']);
  });
});

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { encodeWav } from '#services/audio/wav.js';
import type { SpeakerService } from '#services/diarization/types.js';
import { transcribe } from '#services/transcription/pipeline.js';
import type { PipelineEvent, TranscribeRequest } from '#services/transcription/types.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import { SAMPLE_RATE } from '#utils/signal/pcm.js';
import type { Transcript } from '#utils/transcript/types.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { fixture, testFolder } from '../../support/paths.js';

const path = fixture('two-speakers-clean');

describe('the pipeline with speakers', () => {
  let runtime: Runtime;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    const settings = loadSettings({ ASR_HOSTS: '1' });
    runtime = createRuntime({ settings, logger: silentLogger });
    folder = await testFolder();
    await runtime.manager.start();
  });
  after(async () => {
    await runtime.dispose();
    await folder.remove();
  });

  const run = (
    request: Partial<TranscribeRequest>,
    options: { chunkSeconds?: number; speakers?: SpeakerService } = {},
  ) =>
    transcribe(
      { path, speakers: {}, ...request },
      {
        decoder: runtime.decoder,
        speech: runtime.manager.speech(),
        speakers: runtime.manager.speakers(),
        chunkSeconds: 600,
        chunkOverlapSeconds: 10,
        ...options,
      },
    );
  const collect = async (...call: Parameters<typeof run>) => {
    const events: PipelineEvent[] = [];
    for await (const event of run(...call)) events.push(event);
    return events;
  };
  const transcriptOf = async (...call: Parameters<typeof run>): Promise<Transcript> => {
    const last = (await collect(...call)).at(-1);
    assert.equal(last?.type, 'done');
    return last.transcript;
  };
  const wav = async (name: string, samples: Int16Array): Promise<string> => {
    const file = join(folder.path, name);
    await writeFile(file, encodeWav(samples));
    return file;
  };

  it('tells progress while it works, segments with their speaker when all is known, then the end', async () => {
    const events = await collect({});
    const kinds = events.map(({ type }) => type).join(' ');
    assert.match(kinds, /^(progress )+(segment )+done$/);
    const progress = events.flatMap((event) =>
      event.type === 'progress' ? [event.audioSeconds] : [],
    );
    assert.deepEqual(
      progress,
      [...new Set(progress)].sort((one, other) => one - other),
    );
    const last = events.at(-1);
    assert.equal(last?.type, 'done');
    const { transcript } = last;
    assert.equal(progress.at(-1), transcript.duration);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'segment' ? [event.segment] : [])),
      transcript.segments,
    );
    assert.deepEqual(
      transcript.speakers?.map(({ name }) => name),
      ['A', 'B'],
    );
    for (const { speaker, words } of transcript.segments)
      for (const word of words) assert.equal(word.speaker, speaker);
  });

  it('gives the same people the same names in every chunk', async () => {
    const spoken = ({ segments }: Transcript) =>
      segments.flatMap(({ words }) => words.map(({ text, speaker }) => `${speaker} ${text[0]}`));
    const [whole, chunked] = [await transcriptOf({}), await transcriptOf({}, { chunkSeconds: 30 })];
    assert.deepEqual(
      chunked.speakers?.map(({ name }) => name),
      ['A', 'B'],
    );
    const same = spoken(chunked).filter((each, index) => each === spoken(whole)[index]);
    assert.ok(same.length >= 0.95 * spoken(whole).length);
  });

  it('finds nobody where nobody speaks', async () => {
    const file = await wav('silence.wav', new Int16Array(40 * SAMPLE_RATE));
    const { segments, speakers, turns, text } = await transcriptOf({ path: file });
    assert.deepEqual(
      { segments, speakers, turns, text },
      {
        segments: [],
        speakers: [],
        turns: [],
        text: '',
      },
    );
  });

  it('calls a known person by name', async () => {
    const sample = fixturePcm('two-speakers-clean').subarray(5 * SAMPLE_RATE, 8.6 * SAMPLE_RATE);
    const known = [{ name: 'Bruno', path: await wav('bruno.wav', sample) }];
    const { speakers } = await transcriptOf({ speakers: { known } });
    assert.deepEqual(
      speakers?.map(({ name }) => name),
      ['A', 'Bruno'],
    );
  });

  it('says what is wrong with a known voice before it reads the recording', async () => {
    const known = [{ name: 'Bruno', path: await wav('short.wav', new Int16Array(8000)) }];
    const request = { path: join(folder.path, 'does not exist'), speakers: { known } };
    await assert.rejects(collect(request), {
      key: 'known_speaker_length',
    });
  });

  it('throws what the speaker models throw, at once, and the next recording is served', async () => {
    const lost = new WhosaidError('engine_lost', { reason: 'a test' });
    const service = runtime.manager.speakers();
    for (const step of ['analyse', 'tracks', 'identify'] as const) {
      const failing = { ...service, [step]: () => Promise.reject(lost) };
      await assert.rejects(collect({}, { speakers: failing, chunkSeconds: 30 }), lost);
    }
    assert.equal((await transcriptOf({})).speakers?.length, 2);
  });

  it('throws the reason of an abort in the middle of the work', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    const { signal } = controller;
    await assert.rejects(async () => {
      for await (const event of run({ signal }, { chunkSeconds: 30 }))
        if (event.type === 'progress') controller.abort(reason);
    }, reason);
    assert.equal((await transcriptOf({})).speakers?.length, 2);
  });
});

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadSettings } from '#config/settings.js';
import { createAudioDecoder } from '#services/audio/decoder.js';
import { encodeWav } from '#services/audio/wav.js';
import { enrolVoices } from '#services/diarization/enrol.js';
import { createRuntime, type Runtime } from '#src/runtime.js';
import type { WhosaidError } from '#utils/errors/whosaid-error.js';
import { silentLogger } from '#utils/logging/logger.js';
import { joinSamples } from '#utils/signal/pcm.js';
import { canSeeProcesses, decoderChildren } from '../../support/decoding.js';
import { encodeMedia, type MediaRecipe } from '../../support/encode-media.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { makeLongWav } from '../../support/long-files.js';
import { testFolder } from '../../support/paths.js';

const SAMPLE_RATE = 16_000;
const conversation = fixturePcm('two-speakers-clean');
const cut = (start: number, end: number) =>
  conversation.slice(Math.round(start * SAMPLE_RATE), Math.round(end * SAMPLE_RATE));

/** The first and the second turn of Alice, and the first one of Bruno; see the fixture's reference. */
const alice = cut(0.8, 4.2);
const aliceLater = cut(9.3, 12.7);
const bruno = cut(5, 8.6);

const compressed = (format: string, codec: string, sampleFormat: string, rate: number) =>
  ({ format, audio: { codec, sampleFormat, sampleRate: rate, channels: 1 } }) as MediaRecipe;
/** Codecs that add silence to fill their frames. */
const codecs: Record<string, MediaRecipe> = {
  mp3: compressed('mp3', 'libmp3lame', 's16p', 44_100),
  m4a: compressed('ipod', 'aac', 'fltp', 44_100),
  ogg: compressed('ogg', 'libopus', 's16', 48_000),
  webm: compressed('webm', 'libopus', 's16', 48_000),
};

const similarity = (one: Float32Array, other: Float32Array) =>
  one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);

describe('voices of known people', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let runtime: Runtime;

  before(async () => {
    folder = await testFolder();
    const settings = loadSettings({ SPEAKER_HOSTS: '1' });
    runtime = createRuntime({ settings, logger: silentLogger });
  });
  after(async () => {
    await runtime.dispose();
    await folder.remove();
  });

  async function file(samples: Int16Array, name = 'reference.wav'): Promise<string> {
    const path = join(folder.path, name);
    await writeFile(path, encodeWav(samples));
    return path;
  }

  const enrol = (...paths: string[]) =>
    enrolVoices(
      paths.map((path, index) => ({ name: `name ${index}`, path })),
      { decoder: runtime.decoder, speakers: runtime.manager.speakers() },
    );

  const refused = (key: WhosaidError['key'], message: RegExp) => ({ key, status: 400, message });

  it('are learnt under their names, in order: the same voice is alike, another one is not', async () => {
    const voices = await enrol(
      await file(alice, 'a.wav'),
      await file(bruno, 'b.wav'),
      await file(aliceLater, 'c.wav'),
    );
    assert.deepEqual(
      voices.map(({ name }) => name),
      ['name 0', 'name 1', 'name 2'],
    );
    const [first, other, again] = voices.map(({ embedding }) => embedding);
    assert.ok(first && other && again);
    for (const embedding of [first, other, again])
      assert.ok(Math.abs(similarity(embedding, embedding) - 1) < 1e-3, 'unit length');
    const [same, different] = [similarity(first, again), similarity(first, other)];
    assert.ok(same > 0.6, `${same}`);
    assert.ok(different < 0.4, `${different}`);
  });

  for (const [name, recipe] of Object.entries(codecs)) {
    it(`may be samples of 1.2 and of 10 seconds in ${name}, padding or not`, async () => {
      for (const seconds of [1.2, 10]) {
        const path = join(folder.path, `exact-${seconds}.${name}`);
        const samples = joinSamples([aliceLater, alice, alice, alice]);
        encodeMedia(path, samples.subarray(0, seconds * SAMPLE_RATE), recipe);
        const [voice] = await enrol(path);
        assert.equal(voice?.name, 'name 0');
      }
    });
  }

  it('may be samples of exactly 1.2 and 10 seconds', async () => {
    const samples = joinSamples([aliceLater, alice, alice, alice]);
    for (const seconds of [1.2, 10])
      assert.ok(await enrol(await file(samples.slice(0, seconds * SAMPLE_RATE))));
  });

  it('are refused when too short or too long, with the number of the sample', async () => {
    const long = joinSamples([aliceLater, alice, alice, alice]);
    await assert.rejects(
      enrol(await file(alice.slice(0, 1.1 * SAMPLE_RATE))),
      refused('known_speaker_length', /number 1 is 1\.10 seconds long/),
    );
    await assert.rejects(
      enrol(await file(alice.slice(0, 0.05 * SAMPLE_RATE))),
      refused('known_speaker_length', /number 1 is 0\.050 seconds long/),
    );
    await assert.rejects(
      enrol(await file(alice, 'good.wav'), await file(long.slice(0, 10.5 * SAMPLE_RATE))),
      refused('known_speaker_length', /number 2 is more than 10 seconds long/),
    );
  });

  it('are refused with the limit of the server where that is lower than theirs', async () => {
    const decoder = createAudioDecoder({ logger: silentLogger, maxAudioSeconds: 2 });
    try {
      const path = await file(alice.slice(0, 3 * SAMPLE_RATE));
      const speakers = runtime.manager.speakers();
      await assert.rejects(
        enrolVoices([{ name: 'Alice', path }], { decoder, speakers }),
        refused('known_speaker_length', /number 1 is more than 2 seconds long/),
      );
    } finally {
      await decoder.dispose();
    }
  });

  it('do not have an hour read that is sent instead of a sample', async () => {
    const path = join(folder.path, 'hour.wav');
    await makeLongWav(path, conversation, 3600);
    const startMs = performance.now();
    await assert.rejects(enrol(path), { key: 'known_speaker_length' });
    assert.ok(performance.now() - startMs < 5000);
  });

  it('are refused when a sample is no audio, with what the decoder says of it', async () => {
    const path = join(folder.path, 'text.mp3');
    await writeFile(path, 'Alice speaks like this.');
    await assert.rejects(
      enrol(path),
      refused('known_speaker_not_audio', /^Number 1 .*cannot be decoded: Invalid file format/),
    );
    await writeFile(path, '');
    await assert.rejects(enrol(path), refused('known_speaker_not_audio', /The file is empty/));
    await writeFile(path, encodeWav(alice).subarray(0, 30));
    await assert.rejects(enrol(path), { key: 'known_speaker_not_audio' });
  });

  it('are refused when nobody is heard, or hardly anybody', async () => {
    const silence = new Int16Array(3 * SAMPLE_RATE);
    await assert.rejects(
      enrol(await file(silence)),
      refused('known_speaker_silent', /number 1 has 0\.00\./),
    );
    const word = joinSamples([silence, alice.subarray(0.1 * SAMPLE_RATE, 0.4 * SAMPLE_RATE)]);
    await assert.rejects(enrol(await file(word)), { key: 'known_speaker_silent' });
  });

  it('are refused when two people are heard', async () => {
    const path = await file(joinSamples([alice, bruno]));
    await assert.rejects(
      enrol(path),
      refused('known_speaker_several_voices', /2 are heard in number 1/),
    );
  });

  it('stop when the request is aborted, and leave no decoder behind', async () => {
    const path = await file(alice);
    const deps = { decoder: runtime.decoder, speakers: runtime.manager.speakers() };
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    await assert.rejects(enrolVoices([{ name: 'a', path }], { ...deps, signal }), reason);
    const abort = new AbortController();
    const work = enrolVoices([{ name: 'a', path }], { ...deps, signal: abort.signal });
    setTimeout(() => abort.abort(reason), 5);
    await assert.rejects(work, reason);
    // The one that is kept ready for the next request stays.
    if (canSeeProcesses) assert.ok(decoderChildren().length <= 1);
  });
});

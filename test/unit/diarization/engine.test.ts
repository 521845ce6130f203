import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createSpeakerEngine } from '#services/diarization/create-engine.js';
import type { SpeakerEngine } from '#services/diarization/types.js';
import {
  BLOCK_SAMPLES,
  BLOCK_WINDOWS,
  HOP_SAMPLES,
  HOP_SECONDS,
  WINDOW_SAMPLES,
} from '#services/diarization/windows.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { diarize, speakerModels } from '../../support/speaker-engine.js';
import { piece, twoVoices, voiceSample } from '../../support/voices.js';

let engine: SpeakerEngine;
before(async () => {
  engine = await createSpeakerEngine({ ...speakerModels, threads: 2 });
});
after(() => engine.dispose());

describe('the speaker engine', () => {
  it('finds the two speakers of a conversation, the same each time', async () => {
    const samples = fixturePcm('two-speakers-clean');
    const identification = await diarize(engine, samples);
    assert.equal(identification.speakers.length, 2);
    assert.deepEqual(await diarize(engine, samples), identification);
  });

  it('says the same of a conversation that starts later in its recording, later', async () => {
    const block = { samples: piece(0, 20), firstWindow: 0, last: true };
    const early = await engine.analyse({ ...block, start: 0 });
    const late = await engine.analyse({ ...block, start: 1000 });
    assert.ok(early.pieces.length > 5);
    assert.equal(late.pieces.length, early.pieces.length);
    for (const kind of ['runs', 'pieces'] as const) {
      late[kind].forEach(({ start, end }, index) => {
        assert.ok(Math.abs(start - 1000 - (early[kind][index]?.start ?? 0)) < 1e-6);
        assert.ok(Math.abs(end - 1000 - (early[kind][index]?.end ?? 0)) < 1e-6);
      });
    }
  });

  it('hears all of a recording in its blocks as if it were one block', async () => {
    const samples = fixturePcm('three-speakers-reverb').subarray(0, BLOCK_SAMPLES + 12 * 16_000);
    const { tracks } = engine.tracks({
      start: 0,
      end: samples.length / 16_000,
      blocks: [await engine.analyse({ samples, start: 0, firstWindow: 0, last: true })],
    });
    const heard = (all: readonly { turns: readonly { start: number; end: number }[] }[]) =>
      all.flatMap(({ turns }) => turns).reduce((sum, { start, end }) => sum + end - start, 0);
    const next = samples.subarray(BLOCK_WINDOWS * HOP_SAMPLES);
    const parts = await Promise.all([
      engine.analyse({
        samples: samples.subarray(0, BLOCK_SAMPLES),
        start: 0,
        firstWindow: 0,
        last: false,
      }),
      engine.analyse({
        samples: next,
        start: BLOCK_WINDOWS * HOP_SECONDS,
        firstWindow: BLOCK_WINDOWS,
        last: true,
      }),
    ]);
    const end = samples.length / 16_000;
    const inParts = engine.tracks({ start: 0, end, blocks: parts });
    assert.ok(Math.abs(heard(inParts.tracks) - heard(tracks)) < 0.5);
    assert.equal(inParts.tracks.length, tracks.length);
  });

  it('hears nothing after the end of the samples', async () => {
    // The end is in the middle of a word, and the window goes on.
    const samples = piece(0, 3);
    const { windows, runs, pieces } = await engine.analyse({
      samples,
      start: 0,
      firstWindow: 0,
      last: true,
    });
    assert.equal(windows, 1);
    assert.ok(runs.length > 0 && pieces.length > 0);
    for (const { end } of [...runs, ...pieces]) assert.ok(end <= 3.02, `${end}`);
  });

  it('finds one speaker in one short word', async () => {
    // "We": half a second from where the first turn begins.
    const { speakers, turns } = await diarize(engine, piece(0.75, 0.5));
    assert.equal(speakers.length, 1);
    assert.ok(turns.every(({ end }) => end <= 0.52));
  });

  for (const samples of [0, 1, 399, 400, 800, 1599, 3200]) {
    it(`finds nobody in ${samples} samples`, async () => {
      const speech = fixturePcm('two-speakers-clean').subarray(16_000, 16_000 + samples);
      assert.deepEqual(await diarize(engine, speech), { speakers: [], turns: [] });
    });
  }

  it('rejects with the reason when it is aborted', async () => {
    const samples = fixturePcm('two-speakers-clean').subarray(0, WINDOW_SAMPLES);
    const signal = AbortSignal.abort(new Error('Enough.'));
    const block = { samples, start: 0, firstWindow: 0, last: true };
    await assert.rejects(engine.analyse(block, { signal }), /Enough/);
    await assert.rejects(engine.sample(samples, { signal }), /Enough/);
  });
});

describe('a voice sample', () => {
  for (const person of ['Alice', 'Bruno'] as const) {
    for (const seconds of [1.2, 3]) {
      it(`of ${seconds} s of ${person} holds one voice, nearly all of it speech`, async () => {
        const { voices, speechSeconds, embedding } = await engine.sample(
          voiceSample(person, seconds),
        );
        assert.equal(voices, 1);
        assert.ok(speechSeconds > 0.8 * seconds && speechSeconds <= seconds + 0.02);
        assert.ok(embedding && Math.abs(Math.hypot(...embedding) - 1) < 1e-5);
      });
    }

    it(`of 1.2 s names ${person} in the conversation, and nobody else`, async () => {
      const { embedding } = await engine.sample(voiceSample(person, 1.2));
      assert.ok(embedding);
      const known = [{ name: person, embedding }];
      const samples = fixturePcm('two-speakers-clean');
      const { speakers } = await diarize(engine, samples, { known });
      const [first, second] = speakers.map((speaker) => speaker.known);
      // Alice speaks first.
      assert.deepEqual(
        [first, second],
        person === 'Alice' ? ['Alice', undefined] : [undefined, 'Bruno'],
      );
    });
  }

  it('across a change of speaker holds two voices', async () => {
    const { voices, speechSeconds } = await engine.sample(twoVoices());
    assert.equal(voices, 2);
    assert.ok(speechSeconds > 4 && speechSeconds < 6);
  });

  it('longer than a block is heard to its end', async () => {
    const samples = fixturePcm('two-speakers-clean');
    const { voices, speechSeconds } = await engine.sample(samples);
    assert.equal(voices, 2);
    assert.ok(Math.abs(speechSeconds - 47) < 3, `${speechSeconds}`);
  });

  it('of silence, or of nothing, holds no voice', async () => {
    for (const samples of [new Int16Array(3 * 16_000), new Int16Array(0)])
      assert.deepEqual(await engine.sample(samples), { speechSeconds: 0, voices: 0 });
  });
});

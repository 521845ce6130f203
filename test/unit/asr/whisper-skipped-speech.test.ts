import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { SAMPLE_RATE } from '#services/asr/types.js';
import { openWhisper, type WhisperModel } from '#services/asr/whisper/decode.js';
import { readWhisperFiles, type WhisperFiles } from '#services/asr/whisper/model-files.js';
import { readSegment } from '#services/asr/whisper/read-segment.js';
import { skippedStretches } from '#services/asr/whisper/skipped-speech.js';
import { ownerOf } from '#services/temp/owner.js';
import { fixturePcm } from '../../support/fixture-pcm.js';
import { testFolder } from '../../support/paths.js';
import { eventually } from '../../support/processes.js';
import { whisperDir } from '../../support/whisper-model.js';

/** "We spent less on travel and a little more on electricity." */
const sentence = fixturePcm('two-speakers-clean').subarray(0.5 * SAMPLE_RATE, 4.6 * SAMPLE_RATE);

/** 15 s of silence with the sentence at these places, in seconds. */
function quarterMinute(...places: number[]): { samples: Int16Array } {
  const samples = new Int16Array(15 * SAMPLE_RATE);
  for (const place of places) samples.set(sentence, place * SAMPLE_RATE);
  return { samples };
}

/** A chord that swells and fades. */
function music(): { samples: Int16Array } {
  const tones = [220, 277, 330, 440].map((hertz) => (2 * Math.PI * hertz) / SAMPLE_RATE);
  const samples = Int16Array.from({ length: 15 * SAMPLE_RATE }, (_, at) =>
    tones.reduce(
      (sum, step) => sum + 1500 * Math.sin(step * at) * (0.6 + 0.4 * Math.sin(at / 4e3)),
      0,
    ),
  );
  return { samples };
}

describe('speech that Whisper skipped', () => {
  const word = (start: number, end: number) => ({ text: 'word', start, end, confidence: 1 });

  it('is where there is sound for more than two seconds and no word', () => {
    const segment = quarterMinute(0, 5, 10);
    assert.deepEqual(skippedStretches([word(0, 4), word(10, 14)], segment), [
      { start: 4, end: 10 },
    ]);
    assert.deepEqual(skippedStretches([], segment), [{ start: 0, end: 15 }]);
    assert.deepEqual(skippedStretches([word(0, 4), word(5, 9), word(10, 14)], segment), []);
  });

  it('is not in a pause, nor in silence', () => {
    assert.deepEqual(skippedStretches([word(0, 4), word(10, 14)], quarterMinute(0, 10)), []);
    assert.deepEqual(skippedStretches([], quarterMinute()), []);
  });

  it('is not where the tail of a word is', () => {
    assert.deepEqual(skippedStretches([word(0, 3.8), word(10, 14)], quarterMinute(0, 10)), []);
  });
});

describe('reading a segment with Whisper', {
  skip: whisperDir() === undefined ? 'no Whisper base on this machine (WHISPER_DIR)' : false,
}, () => {
  let files: WhisperFiles;
  let opened: WhisperModel;
  let temp: Awaited<ReturnType<typeof testFolder>>;
  let whileOpening: string[];
  before(async () => {
    const [modelDir, names] = [
      whisperDir() as string,
      ['encoder.int8.onnx', 'decoder.int8.onnx', 'tokens.txt'],
    ];
    files = await readWhisperFiles({ modelId: 'whisper-base', modelDir, files: names });
    temp = await testFolder();
    const opening = openWhisper({ files, threads: 1, tempDir: temp.path });
    await eventually('it writes something', async () => {
      whileOpening = await readdir(temp.path);
      return whileOpening.length > 0;
    });
    opened = await opening;
  });
  after(() => temp?.remove());

  it('writes for a moment where it is told to, under a name that is swept, and leaves nothing', async () => {
    assert.ok(ownerOf(whileOpening[0] ?? ''));
    assert.deepEqual(await readdir(temp.path), []);
  });

  /** Text and number of decodings. */
  async function read(segment: { samples: Int16Array }) {
    let decodings = 0;
    const model: WhisperModel = {
      decode: (...call) => {
        decodings++;
        return opened.decode(...call);
      },
    };
    const { text } = await readSegment({ model, files, options: { language: 'en' } }, segment);
    return { text, decodings };
  }
  const SENTENCE = 'We spent less on travel and a little more on electricity.';

  it('asks three times about music, not for every second of it', async () => {
    const { text, decodings } = await read(music());
    assert.equal(text, '');
    assert.ok(decodings <= 3, `${decodings} decodings`);
  });

  it('asks once about a sentence and the long pause after it, and hears nothing in the pause', async () => {
    assert.deepEqual(await read(quarterMinute(0)), { text: SENTENCE, decodings: 1 });
  });

  it('hears what is said on both sides of a long pause', async () => {
    const { text, decodings } = await read(quarterMinute(0, 10.8));
    assert.equal(text, `${SENTENCE} ${SENTENCE}`);
    assert.ok(decodings <= 3, `${decodings} decodings`);
  });
});

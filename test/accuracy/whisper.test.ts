import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SAMPLE_RATE, type SpeechService } from '#services/asr/types.js';
import { normaliseText } from '../../bench/scoring/normalise.js';
import { evalDir, readReference } from '../../bench/scoring/references.js';
import { alignWords } from '../../bench/scoring/wer.js';
import { scoreWords, summariseStarts } from '../../bench/scoring/word-starts.js';
import { type OpenPipeline, openPipeline } from '../../bench/support/open-pipeline.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { fixture } from '../support/paths.js';
import { modelsWithWhisper, WHISPER_MODEL, whisperDir } from '../support/whisper-model.js';

const skip = whisperDir() === undefined ? 'no Whisper base on this machine (WHISPER_DIR)' : false;

/** The first sentence of the fixture, "We spent less on travel and a little more on electricity." */
const sentence = () => ({
  samples: fixturePcm('two-speakers-clean').subarray(0.5 * SAMPLE_RATE, 4.6 * SAMPLE_RATE),
});

describe('Whisper base', { skip }, () => {
  let models: Awaited<ReturnType<typeof modelsWithWhisper>>;
  let pipeline: OpenPipeline;
  let speech: SpeechService;

  before(async () => {
    models = await modelsWithWhisper();
    pipeline = await openPipeline({
      model: WHISPER_MODEL,
      modelsDir: models?.path ?? '',
      asrHosts: 1,
    });
    speech = pipeline.speech;
  });
  after(async () => {
    await pipeline?.close();
    await models?.remove();
  });

  it('has an error rate of at most 0.03 in a clean conversation, and words begin with their turns', async () => {
    const reference = readReference(fixture('two-speakers-clean', 'json'));
    const transcript = await pipeline.transcribe(reference.audio);
    const words = transcript.segments.flatMap((segment) => segment.words);
    const score = scoreWords(reference.turns, words);
    assert.ok(score.words.rate <= 0.03, `${score.words.rate}: ${transcript.text}`);
    const { median, p90, count } = summariseStarts(score.starts);
    assert.ok(count >= 8 && median <= 0.1 && p90 <= 0.3, `${count} starts, ${median}, ${p90}`);
    assert.equal(transcript.language, 'en');
  });

  const talkedOver = join(evalDir(), 'made', 'four-speakers-overlap-noise.flac');
  it('hears a sentence that somebody else talks into, and that it skips at first', {
    skip: existsSync(talkedOver) ? false : 'no evaluation data on this machine (EVAL_DIR)',
  }, async () => {
    const all = await pipeline.decode(talkedOver);
    const samples = all.slice(33.1 * SAMPLE_RATE, 47.1 * SAMPLE_RATE);
    const [segment] = await speech.recognise([{ samples }], { language: 'en' });
    const words = normaliseText(segment?.text ?? '').join(' ');
    assert.match(words, /satisfied we spent less on travel .* electricity she asked/);
    const starts = (segment?.words ?? []).map(({ start }) => start);
    assert.deepEqual(
      starts,
      starts.toSorted((one, other) => one - other),
    );
  });

  it('loses no sentence in half a minute without a cut', async () => {
    const samples = fixturePcm('two-speakers-clean').subarray(26.3 * SAMPLE_RATE);
    const [segment] = await speech.recognise([{ samples }], {});
    const turns = readReference(fixture('two-speakers-clean', 'json')).turns;
    const said = turns.filter(({ start }) => start > 26.3).map(({ text }) => text);
    const { rate } = alignWords(normaliseText(said.join(' ')), normaliseText(segment?.text ?? ''));
    assert.ok(rate <= 0.06, `${rate}: ${segment?.text}`);
    const starts = (segment?.words ?? []).map(({ start }) => start);
    assert.deepEqual(
      starts,
      [...starts].sort((one, other) => one - other),
    );
  });

  it('hears which language is spoken, and chooses among candidates', async () => {
    assert.equal((await speech.detectLanguage(sentence())).language, 'en');
    const [heard] = await speech.recognise([sentence()], { languages: ['fr', 'en'] });
    assert.equal(heard?.language, 'en');
    const [forced] = await speech.recognise([sentence()], { languages: ['fr', 'de'] });
    assert.equal(forced?.language, 'fr');
  });

  it('writes in the language that is asked for, and translates that to English', async () => {
    const [german] = await speech.recognise([sentence()], { language: 'de' });
    assert.equal(german?.language, 'de');
    assert.doesNotMatch(german?.text ?? '', /electricity/i);
    const [english] = await speech.recognise([sentence()], { language: 'de', task: 'translate' });
    assert.equal(english?.language, 'en');
    assert.match(english?.text ?? '', /travel.*electricity/i);
  });

  it('gives whole characters in a language whose characters take several tokens', async () => {
    const [segment] = await speech.recognise([sentence()], { language: 'zh' });
    const { text = '', words = [], tokens = [] } = segment ?? {};
    assert.match(text, /\p{Script=Han}/u);
    assert.doesNotMatch(text, /\uFFFD/);
    const counted = words.reduce((sum, { tokenCount = 0 }) => sum + tokenCount, 0);
    assert.equal(counted, tokens.length);
  });

  it('refuses a language that it does not know instead of ending the process', async () => {
    await assert.rejects(speech.recognise([sentence()], { language: 'yue' }), /'yue'/);
    const [segment] = await speech.recognise([sentence()], { language: 'en' });
    assert.match(segment?.text ?? '', /electricity/);
  });
});

import assert from 'node:assert/strict';
import { objectOf, textOf } from './expect.js';
import { type Feature, transcribe } from './feature.js';

/** English stays English; Whisper writes it down in its own words. */
const MEANING = /travel.*electricity/is;

const translated = (format: string, check: Feature['check']): Feature => ({
  group: 'Translations',
  title: format,
  missing: ({ translator }) =>
    translator === undefined ? 'no model that translates is on this machine' : undefined,
  call: (bench) =>
    transcribe(bench, {
      operation: 'translate',
      fields: { model: String(bench.translator), response_format: format },
    }),
  check,
});

const asString: Feature['check'] = (outcome) => assert.match(textOf(outcome), MEANING);

export const translations = {
  translatedJson: translated('json', (outcome) => {
    const answer = objectOf(outcome);
    assert.match(String(answer.text), MEANING);
  }),
  translatedVerbose: translated('verbose_json', (outcome) => {
    const { language, duration, text, segments } = objectOf(outcome);
    assert.equal(language, 'english');
    assert.ok(Number.isFinite(duration), `duration is ${duration}`);
    assert.match(String(text), MEANING);
    assert.ok(Array.isArray(segments));
  }),
  translatedText: translated('text', asString),
  translatedSrt: translated('srt', asString),
  translatedVtt: translated('vtt', asString),
} as const satisfies Record<string, Feature>;

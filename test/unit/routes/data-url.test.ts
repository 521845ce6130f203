import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDataUrl } from '#src/routes/data-url.js';

describe('data URL', () => {
  for (const [text, base64] of [
    ['data:audio/wav;base64,UklGRg==', 'UklGRg=='],
    ['data:audio/wav;base64,UklGRg', 'UklGRg'],
    ['data:;base64,AAAA', 'AAAA'],
    ['DATA:Audio/MPEG;codecs="mp3";BASE64,AAAA', 'AAAA'],
    ['data:application/octet-stream; base64,AA+/', 'AA+/'],
    [' data:audio/wav;base64,AAAA\r\n', 'AAAA'],
    ['data:audio/wav;base64,AA\r\nAA AA\nAA', 'AAAAAAAA'],
    ['data:audio/wav;base64,AA%2B%2F', 'AA+/'],
  ] as const) {
    it(`is read: ${JSON.stringify(text)}`, () => assert.deepEqual(readDataUrl(text), { base64 }));
  }

  for (const [text, problem] of [
    ['', 'not a data URL'],
    ['data', 'not a data URL'],
    ['data:audio/wav;base64', 'not a data URL'],
    ['file:///etc/passwd', 'not a data URL'],
    ['audio/wav;base64,AAAA', 'not a data URL'],
    [`data:${'a'.repeat(2000)};base64,AAAA`, 'not a data URL'],
    ['data:,AAAA', 'a data URL without ;base64'],
    ['data:audio/base64,AAAA', 'a data URL without ;base64'],
    ['data:audio/wav;base64, \n', 'empty'],
    ['data:audio/wav;base64,A', 'not base64'],
    ['data:audio/wav;base64,=', 'not base64'],
    ['data:audio/wav;base64,AAAAA', 'not base64'],
    ['data:audio/wav;base64,AAA==', 'not base64'],
    ['data:audio/wav;base64,AA=A', 'not base64'],
    ['data:audio/wav;base64,AA-_', 'not base64'],
    ['data:audio/wav;base64,AAAA,AAAA', 'not base64'],
    ['data:audio/wav;base64,ÄÄÄÄ', 'not base64'],
  ] as const) {
    it(`is refused as ${problem}: ${JSON.stringify(text.slice(0, 50))}`, () =>
      assert.deepEqual(readDataUrl(text), { problem }));
  }

  for (const [what, body] of [
    ['good', 'A'.repeat(16 * 2 ** 20)],
    ['bad at its end', `${'A'.repeat(16 * 2 ** 20)}!`],
    ['all padding', '='.repeat(16 * 2 ** 20)],
    ['all escapes', '%2B'.repeat(5 * 2 ** 20)],
    ['all white space', ' '.repeat(16 * 2 ** 20)],
    ['a header without an end', ''],
  ] as const) {
    it(`is read in linear time: 16 MB, ${what}`, () => {
      const startMs = performance.now();
      readDataUrl(what.startsWith('a header') ? 'data:'.repeat(3e6) : `data:;base64,${body}`);
      assert.ok(performance.now() - startMs < 3000);
    });
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasEcho } from '#services/asr/echo.js';
import type { Word } from '#utils/transcript/types.js';

/** Words one after the other, each so many seconds long. */
const words = (text: string, seconds: number, start = 0): Word[] =>
  text.split(' ').map((each, index) => ({
    text: each,
    start: start + index * seconds,
    end: start + (index + 1) * seconds,
    confidence: 0.9,
  }));

describe('an echo', () => {
  it('is a phrase that is there again in no time, whatever follows it', () => {
    const said = words('Look at it again. The bus on your way.', 0.25);
    const echo = words('The bus on your way. It', 0.02, 2.25);
    assert.equal(hasEcho([...said, ...echo, ...words('looks healthy', 0.3, 2.4)]), true);
  });

  it('is nothing that somebody says twice', () => {
    assert.equal(hasEcho(words('let me go, let me go now', 0.2)), false);
  });

  it('is nothing that is said fast, but once', () => {
    assert.equal(hasEcho(words('that is it. I will renew', 0.05)), false);
  });

  it('is no short word said again', () => {
    assert.equal(hasEcho(words('no no no yes', 0.05)), false);
    assert.equal(hasEcho([]), false);
  });
});

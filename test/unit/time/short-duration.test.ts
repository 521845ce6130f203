import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shortDuration } from '#utils/time/short-duration.js';

describe("a duration in OpenAI's spelling", () => {
  const cases: [number, string][] = [
    [-5, '0ms'],
    [0, '0ms'],
    [23.2, '24ms'],
    [999, '999ms'],
    [1200, '1.2s'],
    [59_999, '59.999s'],
    [60_000, '1m0s'],
    [360_000, '6m0s'],
    [3_630_000, '1h0m30s'],
  ];
  for (const [ms, expected] of cases) {
    it(`writes ${ms} ms as ${expected}`, () => assert.equal(shortDuration(ms), expected));
  }
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { retryAfterMs } from '#utils/time/retry-after.js';

const now = Date.parse('2026-01-02T03:04:05Z');

describe('Retry-After', () => {
  it('is read as seconds or as a date', () => {
    assert.equal(retryAfterMs('120', now), 120_000);
    assert.equal(retryAfterMs(' 0 ', now), 0);
    assert.equal(retryAfterMs('1.5', now), 1500);
    assert.equal(retryAfterMs('Fri, 02 Jan 2026 03:04:15 GMT', now), 10_000);
    assert.equal(retryAfterMs('Fri, 02 Jan 2026 03:00:00 GMT', now), 0);
  });

  it('means nothing where it is neither', () => {
    for (const header of [undefined, '', 'soon', '-5', '2026', 'NaN', '1e9']) {
      const read = retryAfterMs(header, now);
      assert.equal(read, header === '2026' ? 2_026_000 : undefined);
    }
  });
});

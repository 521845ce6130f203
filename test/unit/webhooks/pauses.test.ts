import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEFAULT_PAUSES_MS, longestPause, pauseAfter } from '#services/webhooks/pauses.js';

const pausesMs = DEFAULT_PAUSES_MS;
const after = (attempt: number, retryAfterMs?: number) =>
  pauseAfter({ attempt, pausesMs, retryAfterMs }) ?? Number.NaN;

describe('pauses between attempts', () => {
  it('grow from seconds to a day, are not alike, and end', () => {
    for (const [index, pauseMs] of pausesMs.entries()) {
      const some = Array.from({ length: 50 }, () => after(index + 1));
      assert.ok(some.every((each) => each >= pauseMs && each <= pauseMs * 1.2));
      assert.ok(some.every(Number.isInteger));
      assert.ok(new Set(some).size > 1);
    }
    assert.equal(pauseAfter({ attempt: 8, pausesMs, retryAfterMs: 1000 }), undefined);
  });

  it('are as long as the receiver asks for, if that is longer, up to a day', () => {
    assert.ok(after(1, 60_000) >= 60_000 && after(1, 60_000) <= 72_000);
    assert.ok(after(3, 1000) >= 120_000);
    assert.ok(after(1, 1e12) <= longestPause(pausesMs));
  });
});

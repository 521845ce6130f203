import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { barTable, isMet } from '../../../bench/report/bars.js';
import { markdownTable } from '../../../bench/report/markdown-table.js';
import { median, spread } from '../../../bench/report/statistics.js';

describe('bars', () => {
  const limit = { atMost: 0.036 };

  it('are met at the limit and judged before rounding', () => {
    assert.equal(isMet({ what: 'WER', value: 0.036, limit }), true);
    assert.equal(isMet({ what: 'WER', value: 0.0360001, limit }), false);
    assert.equal(isMet({ what: 'speed', value: 2.2, limit: { atLeast: 2.2 } }), true);
    assert.equal(isMet({ what: 'speed', value: 2.1999, limit: { atLeast: 2.2 } }), false);
  });

  it('are neither met nor missed when nothing was measured', () => {
    assert.equal(isMet({ what: 'WER', value: undefined, limit }), undefined);
    assert.equal(isMet({ what: 'WER', value: Number.NaN, limit }), undefined);
  });

  it('are printed with figure, limit and verdict', () => {
    const table = barTable([
      { what: 'WER', value: 0.04, limit, digits: 3 },
      { what: 'speed', value: 3, limit: { atLeast: 2.2 }, unit: 'x' },
      { what: 'memory', value: undefined, limit: { atMost: 1.6 }, unit: ' GB' },
    ]);
    assert.deepEqual(table.split('\n').slice(2), [
      '| WER | 0.040 | <= 0.036 | **not met** |',
      '| speed | 3.00x | >= 2.20x | met |',
      '| memory | – | <= 1.60 GB | not measured |',
    ]);
  });
});

describe('tables', () => {
  it('are Markdown with the first column on the left', () => {
    assert.equal(markdownTable(['a', 'b'], [['1', '2']]), '| a | b |\n| --- | ---: |\n| 1 | 2 |');
  });
});

describe('medians', () => {
  it('are the middle value, or the mean of the middle two', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.ok(Number.isNaN(median([])));
  });

  it('are shown with their range when there is one', () => {
    assert.equal(spread([10, 30, 20], 'x'), '20.0x (10.0 to 30.0)');
    assert.equal(spread([10], 'x'), '10.0x');
    assert.equal(spread([], 'x'), '–');
  });
});

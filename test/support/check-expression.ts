import assert from 'node:assert/strict';
import { errorCatalogue } from '#utils/errors/catalogue.js';
import type { Expression } from './monitoring-files.js';
import type { Scrape } from './prometheus.js';

/** Labels that Prometheus adds. */
const TARGET = ['instance', 'job'];
/** Labels whose values are known before anything happens. */
const FIXED = ['stage', 'state', 'role'];

/** Fails where an expression asks for what no scrape has: it would be silent for ever. */
export function checkExpression(
  { where, selectors, grouped, shown }: Expression,
  { page, labelsOf }: { page: Scrape; labelsOf: (metric: string) => Set<string> },
): void {
  const known = new Set(TARGET);
  assert.ok(selectors.length > 0, where);
  for (const { metric, matchers } of selectors) {
    // Prometheus makes this one itself.
    if (metric === 'up') continue;
    const base = metric.replace(/_(bucket|sum|count)$/, '');
    const isHistogram = page.types.get(base) === 'histogram' && base !== metric;
    assert.ok(isHistogram || page.types.has(metric), `${where}: no metric ${metric}`);
    const labels = labelsOf(isHistogram ? base : metric);
    if (isHistogram && !metric.endsWith('_bucket')) labels.delete('le');
    for (const label of labels) known.add(label);
    for (const { label, operator, text } of matchers) {
      const has = labels.has(label) || TARGET.includes(label);
      assert.ok(has, `${where}: ${metric} has no label ${label}`);
      const values = label === 'error' ? Object.keys(errorCatalogue) : valuesOf(page, label);
      const isFixed = FIXED.includes(label) || label === 'error';
      if (!isFixed || operator.startsWith('!')) continue;
      for (const wanted of text.split('|')) {
        assert.ok(values.includes(wanted), `${where}: ${label} is never ${wanted}`);
      }
    }
  }
  for (const label of [...grouped, ...shown]) {
    assert.ok(known.has(label), `${where}: there is no label ${label}`);
  }
}

function valuesOf(page: Scrape, label: string): string[] {
  return page.samples.flatMap(({ labels }) => labels[label] ?? []);
}

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

/** What a barrier looks like to the reader of a failed test. */
export type Finding = { readonly rule: string; readonly help: string; readonly where: string[] };

type AxeResults = {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly help: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
};

/** Barriers that axe finds on a page as it is now, of those that it calls serious or critical. */
export async function seriousFindings(page: Page): Promise<Finding[]> {
  const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  // By the browser's own door: the page's policy lets no script in.
  await page.evaluate(await readFile(source, 'utf8'));
  const results = (await page.evaluate('axe.run()')) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => ({
      rule: id,
      help,
      where: nodes.map(({ html, failureSummary = '' }) => `${html} ${failureSummary}`),
    }));
}

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { longDocument } from '../../bench/page/long-document.js';
import { silence } from '../support/clips.js';
import { jobClient } from '../support/job-client.js';
import { openPages, type Pages } from '../support/page.js';

const WORDS = 100_000;

describe('a transcript of ten hours in the page', () => {
  let pages: Pages;
  let id: string;
  before(async () => {
    pages = await openPages();
    const jobs = jobClient(pages.url);
    ({ id } = await jobs.ended((await jobs.create(silence(1))).id));
  });
  after(() => pages?.close());

  it('is drawn in part alone, wherever one is, and every word can be reached', async (test) => {
    const document = longDocument(WORDS);
    await pages.visit(test, async ({ page }) => {
      await page.route('**/transcript', (route) => route.fulfill({ json: document }));
      await page.goto(`${pages.url}/#/jobs/${id}`);
      await page.locator('[data-word="0"]').waitFor();
      const drawn = () => page.locator('[data-word]').count();
      assert.ok((await drawn()) < 2000);

      await page.locator('[data-word="0"]').focus();
      await page.keyboard.press('Control+End');
      await page.locator(`[data-word="${WORDS - 1}"]:focus`).waitFor();
      assert.ok((await drawn()) < 2000);

      const last = document.segments.at(-1);
      await page.getByLabel('Search the transcript').fill(`${last?.text.slice(0, 40)}`);
      await page.locator('.word.is-selected').first().waitFor();
      await page.getByRole('slider').press('End');
      const time = await page.getByRole('slider').getAttribute('aria-valuetext');
      assert.match(time ?? '', /^10 hours/);

      await page.getByRole('button', { name: 'Edit A' }).click();
      await page.getByLabel('Name, everywhere in this transcript').fill('Alice');
      await page.getByRole('button', { name: 'Rename', exact: true }).click();
      await page.locator('.paragraph .speaker-name', { hasText: 'Alice' }).first().waitFor();
    });
  });
});

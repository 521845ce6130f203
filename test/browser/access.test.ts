import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { projectRoot } from '#config/root.js';
import { seriousFindings } from '../support/accessibility.js';
import {
  jobList,
  openPages,
  type Pages,
  picture,
  SHORT,
  TWO_SPEAKERS,
  transcribe,
} from '../support/page.js';
import { startTestServer } from '../support/start-server.js';

const LONG = { timeout: 120_000 };
const KEY = 'a-key-of-the-browser-tests';
/** Compressed, with all that is loaded later. */
const MOST_BYTES = 400_000;

describe('the page for everybody', () => {
  let pages: Pages;
  before(async () => {
    pages = await openPages();
  });
  after(() => pages?.close());

  it('can be used by the keyboard alone', async (test) => {
    await pages.visit(test, async ({ page }) => {
      const { keyboard } = page;
      await keyboard.press('Tab');
      assert.equal(await focused(page), 'Skip to the content');
      await keyboard.press('Enter');
      await tabTo(page, 'Choose files');
      const choosing = page.waitForEvent('filechooser');
      await keyboard.press('Enter');
      await (await choosing).setFiles(SHORT);
      await page.waitForFunction(() => document.activeElement?.textContent === 'Transcribe');
      await keyboard.press('Enter');
      await page.getByRole('region', { name: /^Transcript of/ }).waitFor(LONG);
      assert.equal(await focused(page), 'two-voices-short.flac');
      await tabTo(page, 'Delete');
      await keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      assert.equal(await focused(page), 'Delete');
    });
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`has no serious fault for people who use other means than eyes and mouse (${colorScheme})`, async (test) => {
      await pages.visit(
        test,
        async ({ page }) => {
          await page.getByText('More options').click();
          await page.getByLabel('Speakers', { exact: true }).selectOption('known');
          await page
            .getByLabel('Choose files')
            .setInputFiles({ name: 'empty.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(0) });
          await page.getByText('This file is empty').waitFor();
          assert.deepEqual(await seriousFindings(page), []);
          await picture(page, `options-${colorScheme}`);
          await page.getByLabel('Speakers', { exact: true }).selectOption('detect');
          await page.getByRole('button', { name: 'Leave empty.wav out' }).click();
          await transcribe(page, TWO_SPEAKERS);
          await page.getByRole('region', { name: 'Progress' }).waitFor(LONG);
          assert.deepEqual(await seriousFindings(page), []);
          await page.getByRole('region', { name: /^Transcript of/ }).waitFor(LONG);
          assert.deepEqual(await seriousFindings(page), []);
          await picture(page, `transcript-${colorScheme}`);
        },
        { colorScheme },
      );
    });
  }

  it('fits on a small screen', async (test) => {
    await pages.visit(
      test,
      async ({ page }) => {
        const widths = () =>
          page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth] as const);
        const assertFits = async (): Promise<void> => {
          const [content, screen] = await widths();
          assert.ok(content <= screen, `${content} px of content on ${screen} px`);
        };
        await page.getByText('More options').click();
        await assertFits();
        await picture(page, 'narrow-new');
        await transcribe(page, TWO_SPEAKERS);
        await page.getByRole('region', { name: /^Transcript of/ }).waitFor(LONG);
        await assertFits();
        await picture(page, 'narrow-transcript');
      },
      { viewport: { width: 360, height: 740 } },
    );
  });

  it('asks for a key where the server wants one, and keeps it for this tab alone', async (test) => {
    const locked = await startTestServer({ API_KEYS: KEY });
    try {
      await pages.visit(
        test,
        async ({ page }) => {
          const field = page.getByLabel('API key');
          await field.fill('a-wrong-key');
          await picture(page, 'key');
          await page.getByRole('button', { name: 'Use this key' }).click();
          await page.getByText('The server does not know this key').waitFor();
          assert.deepEqual(await seriousFindings(page), []);
          await field.fill(KEY);
          await page.getByRole('button', { name: 'Use this key' }).click();
          await transcribe(page, SHORT);
          await page.getByRole('region', { name: /^Transcript of/ }).waitFor(LONG);
          await page.reload();
          await page.getByRole('region', { name: /^Transcript of/ }).waitFor(LONG);
          const kept = await page.evaluate(
            () => JSON.stringify({ ...localStorage }) + document.cookie,
          );
          assert.ok(!kept.includes(KEY));
          await page.getByRole('button', { name: 'Forget the key' }).click();
          await field.waitFor();
          assert.equal(await jobList(page).count(), 0);
        },
        { url: locked.url, expected: /401/ },
      );
    } finally {
      await locked.close();
    }
  });

  it('weighs at most 400 KB compressed, all of it together', () => {
    const folder = join(projectRoot, 'dist', 'web');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const sizes = files
      .filter((name) => name.endsWith('.br'))
      .map((name) => statSync(join(folder, name)).size);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`page: ${Math.round(total / 1000)} KB in ${sizes.length} files (brotli)`);
    assert.ok(total > 0 && total <= MOST_BYTES, `${total} bytes`);
  });
});

/** Text of what has the focus, or its label. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element instanceof HTMLInputElement ? element.labels?.[0] : undefined;
    return (label ?? element)?.textContent?.trim() ?? '';
  });
}

async function tabTo(page: Page, text: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    if ((await focused(page)) === text) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`The Tab key does not lead to "${text}".`);
}

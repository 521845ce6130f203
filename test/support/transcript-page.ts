import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { transcribe } from './page.js';

/** The first recording waits for models that are being loaded. */
const PATIENCE_MS = 120_000;

/** Sends a recording on the page and waits for its transcript. Returns the id of the job. */
export async function transcribeOnPage(
  page: Page,
  { url, path }: { url: string; path: string },
): Promise<string> {
  await page.goto(url);
  await transcribe(page, path);
  await page.locator('.word').first().waitFor({ timeout: PATIENCE_MS });
  const id = new URL(page.url()).hash.split('/').at(-1);
  assert.ok(id);
  return id;
}

/** A page whose complaints are kept: errors and warnings of its console, and exceptions. */
export async function openPage(
  opener: Browser | BrowserContext,
): Promise<{ page: Page; complaints: string[] }> {
  const page = await opener.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return { page, complaints };
}

/** What the transcript that is shown is saved as in this format. */
export async function downloadAs(
  page: Page,
  format: string,
): Promise<{ name: string; body: string }> {
  await page.getByLabel('Format').selectOption(format);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download' }).click();
  const download = await coming;
  const body = await readFile(await download.path(), 'utf8');
  return { name: download.suggestedFilename(), body };
}

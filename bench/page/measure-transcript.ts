import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { longestFrame } from './watch-frames.js';

/** Longest frames in milliseconds. */
export type TranscriptFrames = {
  readonly scroll: number;
  /** A screen and more at each turn of the wheel. */
  readonly fastScroll: number;
  readonly search: number;
  readonly correct: number;
};

const FRAME_MS = 16;
/** As people type quickly. */
const KEY_MS = 60;
/** Over several words, one letter that is everywhere, and something that is not there. */
const QUERIES = ['travel and a', 'e', 'electricity in theory', 'zebra'];

/** Scrolls, searches and corrects in the transcript that a page shows. */
export async function measureTranscript(page: Page): Promise<TranscriptFrames> {
  await page.locator('.word').first().waitFor();
  const list = await page.locator('.word-scroller').boundingBox();
  if (list === null) throw new Error('The transcript is not shown.');
  await page.mouse.move(list.x + list.width / 2, list.y + list.height / 2);
  const wheel = (pixels: number) => async () => {
    for (let turn = 0; turn < 150; turn++) {
      await page.mouse.wheel(0, pixels);
      await pause(FRAME_MS);
    }
  };
  const scroll = await longestFrame(page, wheel(300));
  const fastScroll = await longestFrame(page, wheel(4000));
  const field = page.getByLabel('Search the transcript');
  const search = await longestFrame(page, async () => {
    for (const query of QUERIES) {
      await field.fill('');
      await field.pressSequentially(query, { delay: KEY_MS });
      for (let next = 0; next < 5; next++) await field.press('Enter');
    }
  });
  await field.fill('');
  await page.locator('.word').nth(100).click();
  const correct = await longestFrame(page, async () => {
    await page.keyboard.press('F2');
    await page.keyboard.type('another', { delay: KEY_MS });
    await page.keyboard.press('Enter');
  });
  return { scroll, fastScroll, search, correct };
}

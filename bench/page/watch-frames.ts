import type { Page } from 'playwright-core';

/** Runs `act` and returns how long the longest time between two frames of the page was meanwhile, in milliseconds. */
export async function longestFrame(page: Page, act: () => Promise<void>): Promise<number> {
  const watching = await page.evaluateHandle(() => {
    const watch = { longest: 0, isOver: false };
    let last = performance.now();
    const frame = (now: number) => {
      watch.longest = Math.max(watch.longest, now - last);
      last = now;
      if (!watch.isOver) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    return watch;
  });
  await act();
  const longest = await watching.evaluate(async (watch) => {
    // The frame that the last deed is drawn in.
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    watch.isOver = true;
    return watch.longest;
  });
  await watching.dispose();
  return longest;
}

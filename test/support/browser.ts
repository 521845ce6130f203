import { type Browser, chromium } from 'playwright-core';

/** A page as a browser saw it. */
export type SeenPage = {
  /** Addresses that it asked for. */
  readonly requests: readonly string[];
  /** Errors and warnings of its console, violations of its policy among them, and exceptions. */
  readonly complaints: readonly string[];
};

/**
 * A headless browser, or why there is none: the one that comes as a package runs on Linux with an x64 processor, where
 * the libraries it needs are there.
 */
export async function openBrowser({
  args = [],
}: {
  /** Switches of Chromium besides the usual ones. */
  readonly args?: readonly string[];
} = {}): Promise<Browser | { readonly missing: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: `the package has no browser for ${process.platform} on ${process.arch}` };
  }
  try {
    const { default: packaged } = await import('@sparticuz/chromium');
    const executablePath = await packaged.executablePath();
    // Containers allow no sandbox; the browser sees our own pages only.
    return await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--disable-gpu', ...args],
    });
  } catch (error) {
    return { missing: `no browser starts here: ${String(error).split('\n')[0]}` };
  }
}

/** Opens a page, hands it to `look`, and tells what it asked for and complained about meanwhile. */
export async function seePage(
  browser: Browser,
  url: string,
  look: (page: Awaited<ReturnType<Browser['newPage']>>) => Promise<void>,
): Promise<SeenPage> {
  const page = await browser.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  try {
    await page.goto(url, { waitUntil: 'networkidle' });
    await look(page);
  } finally {
    await page.close();
  }
  return { requests, complaints };
}

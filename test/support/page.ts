import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { projectRoot } from '#config/root.js';
import { openBrowser } from './browser.js';
import { startTestServer, type TestServer } from './start-server.js';

/** Where pictures of the page are kept; no part of the repository. */
const SCREENSHOTS = join(projectRoot, 'test-output', 'screenshots');

/** A page in a browser window of its own: nothing is kept there from others. */
export type OpenPage = {
  readonly page: Page;
  /** Errors and warnings of its console, violations of its policy among them, and exceptions. */
  readonly complaints: readonly string[];
  /** Addresses that it asked for. */
  readonly requests: readonly string[];
};

/** What the tests of one file share: a server, unless they start their own, and a browser. */
export type Pages = {
  /** Its address, to begin with. */
  readonly url: string;
  readonly server: TestServer;
  /**
   * Opens the page and hands it to `look`. Skips the test where there is no browser. What the page complains about is
   * told to `complained`; complaints that nobody takes fail the test.
   */
  visit(
    test: TestContext,
    look: (opened: OpenPage) => Promise<void>,
    options?: VisitOptions,
  ): Promise<void>;
  close(): Promise<void>;
};

export type VisitOptions = BrowserContextOptions & {
  /** Default: the page of the server. */
  readonly url?: string;
  /** Complaints that belong to what is tested, such as refused requests. */
  readonly expected?: RegExp;
};

/** Starts what the tests of a file need. */
export async function openPages({
  env = {},
  args = [],
}: {
  readonly env?: Record<string, string>;
  readonly args?: readonly string[];
} = {}): Promise<Pages> {
  const [server, opened] = await Promise.all([startTestServer(env), openBrowser({ args })]);
  return {
    url: server.url,
    server,
    async visit(test, look, { url = server.url, expected, ...options } = {}) {
      if ('missing' in opened) return test.skip(opened.missing);
      await visitPage(opened, { url, expected, options, look });
    },
    async close() {
      if (!('missing' in opened)) await opened.close();
      await server.close();
    },
  };
}

type Visit = {
  readonly url: string;
  readonly expected: RegExp | undefined;
  readonly options: BrowserContextOptions;
  readonly look: (opened: OpenPage) => Promise<void>;
};

async function visitPage(browser: Browser, visit: Visit): Promise<void> {
  const { url, expected, options, look } = visit;
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const complaints: string[] = [];
  const requests: string[] = [];
  context.on('page', (page) => watch(page, { complaints, requests }));
  try {
    const page = await context.newPage();
    await page.goto(url);
    await look({ page, complaints, requests });
    const unexpected = complaints.filter((text) => expected?.test(text) !== true);
    if (unexpected.length > 0) throw new Error(`The page complained: ${unexpected.join('; ')}`);
  } finally {
    await context.close();
  }
}

function watch(
  page: Page,
  { complaints, requests }: { readonly complaints: string[]; readonly requests: string[] },
): void {
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
}

/** Takes a picture of what is seen, for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
}

/** A recording, as a file in the project. */
export const TWO_SPEAKERS = join(projectRoot, 'test', 'fixtures', 'two-speakers-clean.flac');
/** A few seconds of two voices. */
export const SHORT = join(projectRoot, 'test', 'fixtures', 'two-voices-short.flac');

/** Picks files and sends them as somebody with a mouse would. */
export async function transcribe(
  page: Page,
  files: Parameters<ReturnType<Page['locator']>['setInputFiles']>[0],
): Promise<void> {
  await page.getByLabel('Choose files').setInputFiles(files);
  await page.getByRole('button', { name: /^Transcribe/ }).click();
}

/** The list of transcriptions beside what is shown. */
export function jobList(page: Page) {
  return page.getByRole('complementary', { name: 'Transcriptions' });
}

import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { projectRoot } from '#config/root.js';
import { openBrowser } from '../../test/support/browser.js';
import { silence } from '../../test/support/clips.js';
import { jobClient } from '../../test/support/job-client.js';
import { type Bar, barTable } from '../report/bars.js';
import { describeEnvironment } from '../report/environment.js';
import { note } from '../report/progress.js';
import { median } from '../report/statistics.js';
import { startServerProcess } from '../support/server-process.js';
import { longDocument } from './long-document.js';
import { measureTranscript, type TranscriptFrames } from './measure-transcript.js';

/** Ten hours at a good pace. */
const WORDS = 100_000;
const LOADS = 5;

/** Measures the page in a real browser: its weight, its first paint, and a transcript of ten hours. */
export async function runPageBench(): Promise<void> {
  const environment = describeEnvironment();
  const browser = await openBrowser();
  if ('missing' in browser) throw new Error(`Nothing was measured: ${browser.missing}.`);
  const server = await startServerProcess({ command: 'bin/whosaid', args: ['serve'] });
  try {
    note('page: first paint');
    const paints: number[] = [];
    for (let load = 0; load < LOADS; load++) paints.push(await firstPaintMs(browser, server.url));
    note(`page: a transcript of ${WORDS} words`);
    const frames = await framesOfLongTranscript(browser, server.url);
    const bars = [...frameBars(frames), ...loadBars(await pageBytes(), median(paints))];
    process.stdout.write(`## The page\n\n${environment}\n\n${barTable(bars)}\n`);
  } finally {
    await browser.close();
    await server.stop();
  }
}

function loadBars(bytes: number, paintMs: number): Bar[] {
  return [
    {
      what: 'everything that the page is made of, compressed',
      value: bytes / 1e3,
      limit: { atMost: 400 },
      unit: ' kB',
      digits: 0,
    },
    {
      what: 'first paint, nothing in the cache (median)',
      value: paintMs / 1e3,
      limit: { atMost: 1 },
      unit: ' s',
    },
  ];
}

function frameBars({ scroll, fastScroll, search, correct }: TranscriptFrames): Bar[] {
  const deeds: readonly (readonly [string, number])[] = [
    ['scrolling', scroll],
    ['scrolling by screens', fastScroll],
    ['typing searches and going through what is found', search],
    ['correcting a word', correct],
  ];
  return deeds.map(([deed, value]) => ({
    what: `longest frame with ${WORDS.toLocaleString('en')} words: ${deed}`,
    value,
    limit: { atMost: 100 },
    unit: ' ms',
    digits: 0,
  }));
}

async function firstPaintMs(browser: Browser, url: string): Promise<number> {
  const page = await browser.newPage();
  await page.goto(url, { waitUntil: 'networkidle' });
  const [paint] = await page.evaluate(() =>
    performance.getEntriesByName('first-contentful-paint').map(({ startTime }) => startTime),
  );
  await page.close();
  return paint ?? Number.NaN;
}

/** A real job in the page, but for its transcript, which is that of ten hours. */
async function framesOfLongTranscript(browser: Browser, url: string): Promise<TranscriptFrames> {
  const jobs = jobClient(url);
  const { id } = await jobs.ended((await jobs.create(silence(1))).id);
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const json = longDocument(WORDS);
  await page.route('**/transcript', (route) => route.fulfill({ json }));
  await page.goto(`${url}/#/jobs/${id}`);
  return measureTranscript(page);
}

/** Of each file the smallest of its compressed forms; of those that have none, the file. */
async function pageBytes(): Promise<number> {
  const folder = join(projectRoot, 'dist', 'web');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const sent = paths.filter((path) => path.endsWith('.br') || !paths.includes(`${path}.br`));
  const sizes = sent
    .filter((path) => !path.endsWith('.gz') && !path.endsWith('.built'))
    .map(async (path) => (await stat(path)).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { projectRoot } from './lib/project.mjs';
import { runStep, StepError } from './lib/steps.mjs';

/**
 * `npm run screenshot`: the pictures of the page in docs/images, in light and dark: a recording of two people, sent to a
 * real server and transcribed by it, with names given to the speakers as somebody would.
 */
const FIXTURE = join(projectRoot, 'test', 'fixtures', 'two-speakers-clean.flac');
const FOLDER = join(projectRoot, 'docs', 'images');
const NAMES = { A: 'Alice', B: 'Ben' };

await prepare();
await runStep('take the pictures', async () => {
  const { openBrowser } = await import('../dist/test/support/browser.js');
  const { startTestServer } = await import('../dist/test/support/start-server.js');
  const browser = await openBrowser();
  if ('missing' in browser) throw new StepError(browser.missing);
  const server = await startTestServer();
  try {
    await mkdir(FOLDER, { recursive: true });
    await takePicture({ browser, url: server.url, colorScheme: 'light', name: 'page.png' });
    await takePicture({ browser, url: server.url, colorScheme: 'dark', name: 'page-dark.png' });
  } finally {
    await browser.close();
    await server.close();
  }
});

async function takePicture({ browser, url, colorScheme, name }) {
  const viewport = { width: 1360, height: 860 };
  const page = await browser.newPage({ colorScheme, viewport, deviceScaleFactor: 1.25 });
  await page.goto(url);
  const file = {
    name: 'weekly meeting.flac',
    mimeType: 'audio/flac',
    buffer: await readFile(FIXTURE),
  };
  await page.getByLabel('Choose files').setInputFiles(file);
  await page.getByRole('button', { name: 'Transcribe' }).click();
  await page.getByRole('region', { name: /^Transcript of/ }).waitFor({ timeout: 120_000 });
  for (const [letter, who] of Object.entries(NAMES)) {
    await page.getByRole('button', { name: `Edit ${letter}`, exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill(who);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
  }
  await page.evaluate(() => {
    document.activeElement?.blur();
    scrollTo(0, 0);
  });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(FOLDER, name) });
  // The other picture has a list of its own.
  await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'New transcription' }).waitFor();
  await page.close();
}

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it, type TestContext } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { responseFormats } from '#utils/formats/index.js';
import { seriousFindings } from '../support/accessibility.js';
import { openBrowser } from '../support/browser.js';
import { jobClient } from '../support/job-client.js';
import { TWO_SPEAKERS } from '../support/page.js';
import { startTestServer, type TestServer, until } from '../support/start-server.js';
import { downloadAs, openPage, transcribeOnPage } from '../support/transcript-page.js';

describe('a transcript in the page', () => {
  let server: TestServer;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let complaints: string[];
  let id: string;
  let skipped: string | undefined;

  before(async () => {
    const opened = await openBrowser();
    if ('missing' in opened) {
      skipped = opened.missing;
      return;
    }
    browser = opened;
    server = await startTestServer();
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
    ({ page, complaints } = await openPage(context));
    id = await transcribeOnPage(page, { url: server.url, path: TWO_SPEAKERS });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Each test leaves the transcript as it was recognised. */
  afterEach(async () => {
    const undo = page?.getByRole('button', { name: 'Undo' });
    while (await undo?.isEnabled()) await undo?.click();
    await page?.getByLabel('Search the transcript').fill('');
  });

  const onPage = (name: string, test: (context: TestContext) => Promise<void>) =>
    it(name, async (context) => {
      if (skipped !== undefined) context.skip(skipped);
      else await test(context);
    });
  const word = (text: string) =>
    page.locator('.word', { hasText: new RegExp(`^${text}\\W*$`) }).first();
  const result = async (format: string) =>
    (await jobClient(server.url).result(id, `?response_format=${format}`)).text();
  const position = () => page.getByRole('slider').getAttribute('aria-valuenow').then(Number);
  const editSpeaker = (name: string) =>
    page.getByRole('button', { name: `Edit ${name}`, exact: true }).click();
  const shownNames = async () =>
    new Set(await page.locator('.paragraph .speaker-name').allTextContents());

  onPage('is shown by turns, with every word and both speakers', async () => {
    assert.deepEqual(await shownNames(), new Set(['A', 'B']));
    const shown = (await page.locator('.words').allTextContents()).join(' ').replace(/\s+/g, ' ');
    const { text } = JSON.parse(await result('json'));
    assert.ok(text.startsWith(shown.trim().slice(0, 200)));
    assert.deepEqual(complaints, []);
  });

  onPage('is saved in every format with the bytes that the API answers', async () => {
    const names = new Set<string>();
    for (const format of responseFormats) {
      const { name, body } = await downloadAs(page, format);
      assert.equal(body, await result(format), format);
      names.add(name);
    }
    assert.equal(names.size, responseFormats.length);
    assert.ok(names.has('two-speakers-clean.vtt'));
  });

  onPage('is copied as it would be saved', async () => {
    await page.getByLabel('Format').selectOption('srt');
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await result('srt'));
  });

  onPage('has a renamed speaker everywhere, after a reload as well, and in the file', async () => {
    await editSpeaker('A');
    await page.getByLabel('Name, everywhere in this transcript').fill('Alice');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    assert.deepEqual(await shownNames(), new Set(['Alice', 'B']));
    const { body } = await downloadAs(page, 'vtt');
    assert.equal(body, (await result('vtt')).replaceAll('<v A>', '<v Alice>'));
    await page.reload();
    await page.locator('.word').first().waitFor();
    assert.deepEqual(await shownNames(), new Set(['Alice', 'B']));
    await editSpeaker('Alice');
    await page.getByLabel('Name, everywhere in this transcript').fill('A');
    await page.keyboard.press('Enter');
    assert.equal((await downloadAs(page, 'vtt')).body, await result('vtt'));
    // What could be undone is forgotten.
    await page.reload();
    await page.locator('.word').first().waitFor();
  });

  onPage('has one speaker where two are merged, until that is undone', async () => {
    await editSpeaker('B');
    await page.getByRole('dialog').getByRole('button', { name: 'A', exact: true }).click();
    assert.deepEqual(await shownNames(), new Set(['A']));
    assert.equal(await page.locator('.speaking-time tbody tr').count(), 1);
    const { segments } = JSON.parse((await downloadAs(page, 'diarized_json')).body);
    assert.ok(segments.every(({ speaker }: { speaker: string }) => speaker === 'A'));
    await page.getByRole('button', { name: 'Undo' }).click();
    assert.deepEqual(await shownNames(), new Set(['A', 'B']));
    await page.getByRole('button', { name: 'Redo' }).click();
    assert.deepEqual(await shownNames(), new Set(['A']));
  });

  onPage('plays from a word that is clicked, and shows which one is spoken', async () => {
    await word('chamber').click();
    const before = await position();
    assert.ok(before >= 5 && before <= 9, String(before));
    await until(async () => (await position()) > before, 'it does not play');
    const current = await page.locator('.word.is-current').textContent();
    assert.ok(current);
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    const stopped = await position();
    await page.getByRole('slider').press('ArrowRight');
    assert.equal(await position(), stopped + 5);
    await page.getByLabel('Speed').selectOption('2');
    assert.equal(await page.getByRole('slider').getAttribute('aria-valuemax'), '55');
  });

  onPage('is followed while it plays, unless somebody scrolls away', async () => {
    const list = page.locator('.word-scroller');
    const scrolled = () => list.evaluate((element) => element.scrollTop);
    await page.getByRole('slider').press('End');
    await page.getByRole('slider').press('PageDown');
    await page.keyboard.press(' ');
    await until(async () => (await scrolled()) > 0, 'the word that is spoken is not in sight');
    await list.hover();
    await page.mouse.wheel(0, -5000);
    await until(async () => (await scrolled()) === 0, 'it does not let one scroll');
    await page.getByRole('button', { name: 'Back to the current word' }).click();
    await until(async () => (await scrolled()) > 0, 'there is no way back');
    await page.getByRole('button', { name: 'Pause' }).click();
  });

  onPage('marks words of which the model is not sure', async () => {
    const opened = await openPage(context);
    await opened.page.route('**/transcript', async (route) => {
      const document = await (await route.fetch()).json();
      document.segments[0].words[2].confidence = 0.2;
      await route.fulfill({ json: document });
    });
    await opened.page.goto(`${server.url}/#/jobs/${id}`);
    await opened.page.locator('[data-word="2"].is-doubtful').waitFor();
    assert.equal(await opened.page.locator('.is-doubtful').count(), 1);
    await opened.page.close();
  });

  onPage('takes a corrected word into its files, and keeps its time', async () => {
    await word('electricity').click();
    await page.getByRole('button', { name: 'Correct word' }).click();
    await page.keyboard.type('gas.');
    await page.keyboard.press('Enter');
    await word('gas').waitFor();
    const expected = (await result('srt')).replace('electricity.', 'gas.');
    assert.equal((await downloadAs(page, 'srt')).body, expected);
    await page.keyboard.press('Control+z');
    await word('electricity').waitFor();
    assert.equal((await downloadAs(page, 'srt')).body, await result('srt'));
  });

  onPage('finds what is typed, over words and turns, and goes from place to place', async () => {
    const field = page.getByLabel('Search the transcript');
    const count = page.locator('.search-count');
    await field.fill('ELECTRICITY in théory');
    assert.equal(await count.textContent(), '1 of 1');
    const found = await page.locator('.word.is-found').allTextContents();
    assert.deepEqual(
      found.map((text) => text.replace(/\W/g, '').toLowerCase()),
      ['electricity', 'in', 'theory'],
    );
    await field.fill('the');
    const [, all] = (await count.textContent())?.split(' of ') ?? [];
    assert.ok(Number(all) > 5);
    await field.press('Shift+Enter');
    assert.equal(await count.textContent(), `${all} of ${all}`);
    await page.locator('.word.is-selected').first().waitFor();
    await field.fill('zebra');
    assert.equal(await count.textContent(), 'Not found');
    await field.press('Escape');
    assert.equal(await page.locator('.word.is-found').count(), 0);
  });

  onPage('tells how long each speaker is heard, as a table', async () => {
    const table = page.getByRole('table', { name: 'Speaking time' });
    const shares = await table.locator('.share').allTextContents();
    const sum = shares.reduce((total, text) => total + Number.parseInt(text, 10), 0);
    assert.ok(Math.abs(sum - 100) <= 1, shares.join());
    assert.match((await table.getByRole('row').nth(1).textContent()) ?? '', /\d+ seconds/);
  });

  onPage('is read, played and corrected by keys alone, with one stop for all words', async () => {
    await page.getByRole('button', { name: 'Download' }).focus();
    await page.keyboard.press('Tab');
    const focusOn = async (text: string) => {
      const focused = () => page.evaluate(() => document.activeElement?.textContent);
      await until(async () => (await focused()) === text, `the focus is not on ${text}`);
    };
    assert.equal(await page.locator('[data-word][tabindex="0"]').count(), 1);
    await page.keyboard.press('Control+Home');
    await focusOn('We');
    await page.keyboard.press('ArrowRight');
    await focusOn('spent');
    await page.keyboard.press('ArrowDown');
    await focusOn('In');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.keyboard.press(' ');
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.keyboard.press('F2');
    await page.keyboard.type('Not kept');
    await page.keyboard.press('Escape');
    await focusOn('In');
    await page.keyboard.press('F2');
    await page.keyboard.type('By');
    await page.keyboard.press('Enter');
    await focusOn('By');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Tab');
    await focusOn('Edit A');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focusOn('Edit A');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Control+f');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('type')), 'search');
  });

  onPage('has no serious barrier, in light and in dark', async () => {
    await page.getByLabel('Search the transcript').fill('the');
    for (const colorScheme of ['light', 'dark'] as const) {
      // A colour on its way from light to dark has neither's contrast.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      assert.deepEqual(await seriousFindings(page), []);
      await editSpeaker('A');
      await page.getByRole('dialog').waitFor();
      assert.deepEqual(await seriousFindings(page), []);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
  });

  onPage(
    'says where there is nothing to play, or nothing that plays, and does the rest',
    async () => {
      const elsewhere = await browser.newContext();
      const opened = await openPage(elsewhere);
      await opened.page.goto(`${server.url}/#/jobs/${id}`);
      await opened.page.locator('.word').first().waitFor();
      const notice = opened.page.locator('.player-notice');
      assert.match((await notice.textContent()) ?? '', /not in this browser/);
      await opened.page.locator('[data-word="3"]').click();
      const file = opened.page.getByLabel('Play from a file');
      await file.setInputFiles({
        name: 'a.mp3',
        mimeType: 'audio/mpeg',
        buffer: Buffer.from('text'),
      });
      await opened.page.getByText('cannot play this kind').waitFor();
      await file.setInputFiles(TWO_SPEAKERS);
      await opened.page.getByRole('button', { name: 'Play', exact: true }).waitFor();
      await elsewhere.close();
    },
  );

  onPage('without speakers is shown by segments', async () => {
    const jobs = jobClient(server.url);
    const { readFile } = await import('node:fs/promises');
    const plain = await jobs.create(await readFile(TWO_SPEAKERS), { diarize: 'false' });
    await jobs.ended(plain.id);
    await page.goto(`${server.url}/#/jobs/${plain.id}`);
    await page.getByText('not in this browser').waitFor();
    const { segments } = JSON.parse(
      await (await jobs.result(plain.id, '?response_format=verbose_json')).text(),
    );
    assert.equal(
      await page.locator('.paragraph').first().getAttribute('aria-setsize'),
      String(segments.length),
    );
    assert.equal(await page.getByRole('table').count(), 0);
    assert.ok(!(await page.getByLabel('Format').allTextContents()).join().includes('diarized'));
    const { body } = await downloadAs(page, 'text');
    assert.equal(body, await (await jobs.result(plain.id, '?response_format=text')).text());
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  jobList,
  openPages,
  type Pages,
  picture,
  SHORT,
  TWO_SPEAKERS,
  transcribe,
} from '../support/page.js';

/** The first recording waits for models that are being loaded. */
const LONG = { timeout: 120_000 };

describe('the page in a browser', () => {
  let pages: Pages;
  before(async () => {
    pages = await openPages({ env: { MAX_UPLOAD_BYTES: '10MB' } });
  });
  after(() => pages?.close());

  it('makes a transcript with two speakers of a file, and shows it as soon as it is there', async (test) => {
    await pages.visit(test, async ({ page, requests }) => {
      await picture(page, 'new');
      await page.getByText('More options').click();
      await page.getByLabel('Copy and download as').selectOption('vtt');
      await transcribe(page, TWO_SPEAKERS);
      await page.getByRole('heading', { name: 'two-speakers-clean.flac' }).waitFor();
      await page.getByRole('region', { name: 'Progress' }).waitFor();
      const transcript = page.getByRole('region', {
        name: 'Transcript of two-speakers-clean.flac',
      });
      await transcript.waitFor(LONG);
      await transcript.getByText('electricity').first().waitFor();
      const text = await transcript.innerText();
      for (const speaker of ['A', 'B']) assert.match(text, new RegExp(`^${speaker}$`, 'm'));
      assert.equal(await transcript.getByLabel('Format').inputValue(), 'vtt');
      await picture(page, 'transcript');
      assert.match(await jobList(page).innerText(), /two-speakers-clean\.flac\n55 s/);
      const elsewhere = requests.filter((url) => !/^(blob:)?http:\/\/127\.0\.0\.1:/.test(url));
      assert.deepEqual(elsewhere, []);
    });
  });

  it('keeps transcriptions and recordings over a reload', async (test) => {
    await pages.visit(test, async ({ page }) => {
      await transcribe(page, SHORT);
      const transcript = page.getByRole('region', { name: 'Transcript of two-voices-short.flac' });
      await transcript.waitFor(LONG);
      await page.reload();
      await transcript.waitFor(LONG);
      await transcript.getByRole('button', { name: 'Play' }).waitFor();
      assert.equal(await transcript.getByText('does not have the recording').count(), 0);
      await jobList(page)
        .getByRole('link', { name: /two-voices-short\.flac/ })
        .first()
        .waitFor();
    });
  });

  it('sends several files one after the other and lists them all', async (test) => {
    await pages.visit(test, async ({ page }) => {
      const names = ['one.flac', 'two.flac', 'three.flac'];
      const { readFile } = await import('node:fs/promises');
      const buffer = await readFile(SHORT);
      await transcribe(
        page,
        names.map((name) => ({ name, mimeType: 'audio/flac', buffer })),
      );
      for (const name of names) {
        const done = jobList(page).locator('.job-completed', { hasText: name });
        await done.waitFor(LONG);
      }
      await picture(page, 'list');
    });
  });

  it('takes files that are dropped anywhere on the window', async (test) => {
    await pages.visit(test, async ({ page }) => {
      const data = await page.evaluateHandle(() => {
        const transfer = new DataTransfer();
        transfer.items.add(new File(['not empty'], 'dropped.wav', { type: 'audio/wav' }));
        return transfer;
      });
      await page.dispatchEvent('h1', 'dragenter', { dataTransfer: data });
      await page.getByText('Drop the recordings anywhere').waitFor();
      await picture(page, 'drop');
      await page.dispatchEvent('h1', 'drop', { dataTransfer: data });
      const files = page.getByRole('region', { name: 'Files to transcribe' });
      await files.getByText('dropped.wav').waitFor();
      assert.ok(await page.getByText('Drop the recordings anywhere').isHidden());
    });
  });

  it('says in words what is wrong with files, before they are sent and after', async (test) => {
    await pages.visit(test, async ({ page }) => {
      await page.getByLabel('Choose files').setInputFiles([
        { name: 'empty.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(0) },
        { name: 'large.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(10_000_001) },
      ]);
      const files = page.getByRole('region', { name: 'Files to transcribe' });
      await files.getByText('This file is empty (0 bytes).').waitFor();
      await files.getByText('the server takes up to 10 MB').waitFor();
      assert.ok(await page.getByRole('button', { name: 'Transcribe' }).isDisabled());
      await picture(page, 'bad-files');
      await files.getByRole('button', { name: 'Leave empty.wav out' }).click();
      await files.getByRole('button', { name: 'Leave large.wav out' }).click();
      await transcribe(page, {
        name: 'notes.mp3',
        mimeType: 'audio/mpeg',
        buffer: Buffer.from('These are no sounds.'),
      });
      const alert = page.getByRole('alert').filter({ hasText: 'could not be transcribed' });
      await alert.waitFor(LONG);
      assert.match(await alert.innerText(), /Invalid file format/);
      await picture(page, 'failed');
    });
  });

  it('tells what the server says about a file that it refuses', async (test) => {
    await pages.visit(
      test,
      async ({ page }) => {
        // As if the limit had been lowered since the page was opened.
        await page.route('**/v1/health', (route) =>
          route.fulfill({ json: { limits: { max_upload_bytes: 20e9 } } }),
        );
        await page.reload();
        await transcribe(page, {
          name: 'large.wav',
          mimeType: 'audio/wav',
          buffer: Buffer.alloc(11e6),
        });
        const row = jobList(page).locator('.job-failed', { hasText: 'large.wav' });
        await row.waitFor(LONG);
        assert.match(await row.innerText(), /Maximum content size limit/);
        await row.getByRole('button', { name: 'Put large.wav away' }).click();
        await row.waitFor({ state: 'detached' });
      },
      { expected: /413|ERR_/ },
    );
  });

  it('deletes a transcription after asking, and only then', async (test) => {
    await pages.visit(test, async ({ page }) => {
      await transcribe(page, SHORT);
      const heading = page.getByRole('heading', { name: 'two-voices-short.flac' });
      await page.getByRole('region', { name: /^Transcript of/ }).waitFor(LONG);
      const rows = await jobList(page).locator('.job-row').count();
      await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
      await picture(page, 'delete');
      await page.getByRole('button', { name: 'Keep it' }).click();
      assert.ok(await heading.isVisible());
      await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('heading', { name: 'New transcription' }).waitFor();
      assert.equal(await jobList(page).locator('.job-row').count(), rows - 1);
    });
  });
});

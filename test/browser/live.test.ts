import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { encodeWav } from '#services/audio/wav.js';
import { fixturePcm } from '../support/fixture-pcm.js';
import { openPages, type Pages, picture } from '../support/page.js';
import { testFolder } from '../support/paths.js';

const LONG = { timeout: 120_000 };

describe('live captions in a browser', () => {
  let pages: Pages;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  before(async () => {
    folder = await testFolder();
    const heard = join(folder.path, 'heard.wav');
    await writeFile(heard, encodeWav(fixturePcm('two-speakers-clean')));
    pages = await openPages({
      args: [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${heard}`,
      ],
    });
  });
  after(async () => {
    await pages?.close();
    await folder?.remove();
  });

  it('writes down what a microphone hears, with who says it, and saves it', async (test) => {
    await pages.visit(
      test,
      async ({ page }) => {
        await page.getByRole('link', { name: 'Live' }).click();
        await page.getByRole('button', { name: 'Start' }).click();
        const captions = page.getByRole('log', { name: 'Captions' });
        await captions.getByText(/travel/).waitFor(LONG);
        await captions.getByText('B', { exact: true }).first().waitFor(LONG);
        await picture(page, 'live');
        await page.getByRole('button', { name: 'Stop' }).click();
        const saving = page.waitForEvent('download', LONG);
        await page.getByRole('button', { name: 'Save as subtitles (vtt)' }).click(LONG);
        const file = await readFile(await (await saving).path(), 'utf8');
        assert.match(file, /^WEBVTT\n\n00:00:\d\d\.\d{3} --> 00:00:\d\d\.\d{3}\n<v A>/);
        assert.match(file, /<v B>/);
        assert.equal(await page.locator('.problem:not(:empty)').count(), 0);
      },
      { permissions: ['microphone'] },
    );
  });

  it('records from the microphone, with a pause, and transcribes it', async (test) => {
    await pages.visit(
      test,
      async ({ page }) => {
        await page.getByRole('button', { name: 'Record' }).click();
        const recorder = page.getByRole('group', { name: 'Recording' });
        await recorder.getByText('0:05').waitFor(LONG);
        const loudness = recorder.getByRole('meter', { name: 'Loudness' });
        assert.ok(Number(await loudness.getAttribute('value')) >= 0);
        await recorder.getByRole('button', { name: 'Pause' }).click();
        await recorder.getByRole('button', { name: 'Go on' }).click();
        await picture(page, 'recording');
        await recorder.getByRole('button', { name: 'Stop' }).click();
        const files = page.getByRole('region', { name: 'Files to transcribe' });
        await files.getByText(/^Recording \d{4}-\d\d-\d\d/).waitFor(LONG);
        await page.getByRole('button', { name: 'Transcribe' }).click();
        const transcript = page.getByRole('region', { name: /^Transcript of Recording/ });
        await transcript.waitFor(LONG);
        assert.match(await transcript.innerText(), /\w{4,}/);
      },
      { permissions: ['microphone'] },
    );
  });
});

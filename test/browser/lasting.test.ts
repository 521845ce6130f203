import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fixturePcm } from '../support/fixture-pcm.js';
import { type GatewayProcess, startGatewayProcess } from '../support/gateway-process.js';
import { makeLongWav } from '../support/long-files.js';
import { jobList, openPages, type Pages, picture, SHORT, transcribe } from '../support/page.js';
import { testFolder } from '../support/paths.js';

const LONG = { timeout: 120_000 };
/** Long enough to be stopped in the middle. */
const MEETING_SECONDS = 240;

describe('the page while things happen around it', () => {
  let pages: Pages;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let meeting: string;
  before(async () => {
    folder = await testFolder();
    meeting = join(folder.path, 'meeting.wav');
    await makeLongWav(meeting, fixturePcm('two-speakers-clean'), MEETING_SECONDS);
    pages = await openPages();
  });
  after(async () => {
    await pages?.close();
    await folder?.remove();
  });

  it('cancels an upload, and what is being transcribed', async (test) => {
    await pages.visit(
      test,
      async ({ page }) => {
        const network = await page.context().newCDPSession(page);
        const slow = {
          offline: false,
          latency: 0,
          downloadThroughput: -1,
          uploadThroughput: 200_000,
        };
        await network.send('Network.emulateNetworkConditions', slow);
        await transcribe(page, meeting);
        const row = jobList(page).locator('.job-row', { hasText: 'meeting.wav' });
        await row.getByText(/^Sending: .+ of 7\.7 MB/).waitFor(LONG);
        await picture(page, 'uploading');
        await row.getByRole('button', { name: 'Cancel meeting.wav' }).click();
        await row.waitFor({ state: 'detached' });
        await network.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 });
        await transcribe(page, meeting);
        await page.getByRole('region', { name: 'Progress' }).waitFor(LONG);
        await page.getByRole('main').getByRole('button', { name: 'Cancel' }).click();
        await page.getByText('This transcription was cancelled').waitFor(LONG);
        await row.getByText('Cancelled').waitFor();
      },
      { expected: /ERR_ABORTED|ERR_FAILED/ },
    );
  });

  it('shows in one tab what was done in the other, and says so when it is gone', async (test) => {
    await pages.visit(test, async ({ page }) => {
      const other = await page.context().newPage();
      await other.goto(pages.url);
      await transcribe(page, {
        name: 'shared.flac',
        mimeType: 'audio/flac',
        buffer: await readFile(SHORT),
      });
      await jobList(other)
        .getByRole('link', { name: /shared\.flac/ })
        .click();
      await other.getByRole('region', { name: 'Transcript of shared.flac' }).waitFor(LONG);
      await page.getByRole('region', { name: 'Transcript of shared.flac' }).waitFor(LONG);
      await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await other.getByText('shared.flac is not there any more').waitFor(LONG);
      await other.getByRole('heading', { name: 'New transcription' }).waitFor();
    });
  });

  it('goes on by itself when the server was killed in the midst of a job and of an upload', async (test) => {
    const port = await freePort();
    const env = { PORT: String(port), DATA_DIR: folder.path, CHUNK_SECONDS: '60', ASR_HOSTS: '1' };
    let gateway: GatewayProcess = await startGatewayProcess(env);
    try {
      await pages.visit(
        test,
        async ({ page }) => {
          await transcribe(page, meeting);
          await page
            .getByText(/^Transcribing: /)
            .first()
            .waitFor(LONG);
          gateway.signal('SIGKILL');
          await gateway.ended;
          await page.getByText('The server does not answer. This page tries again').waitFor(LONG);
          await picture(page, 'server-gone');
          await page.getByRole('link', { name: 'New', exact: true }).click();
          await transcribe(page, SHORT);
          await jobList(page).getByText('Trying again').waitFor(LONG);
          await gateway.close();
          gateway = await startGatewayProcess(env);
          const done = jobList(page).locator('.job-completed');
          await done.filter({ hasText: 'meeting.wav' }).waitFor(LONG);
          await done.filter({ hasText: 'two-voices-short.flac' }).waitFor(LONG);
          await page.getByText('The server does not answer. This').waitFor({ state: 'detached' });
        },
        { url: gateway.url, expected: /ERR_|Failed to load resource/ },
      );
    } finally {
      await gateway.close();
    }
  });
});

/** A port that nobody has now; the same one is wanted by two servers, one after the other. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

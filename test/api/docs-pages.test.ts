import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { projectRoot } from '#config/root.js';
import { openBrowser, seePage } from '../support/browser.js';
import { rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const AUDIO = join(projectRoot, 'test', 'fixtures', 'two-voices-short.flac');
const OPERATIONS = 29;

describe('documentation pages', () => {
  let server: TestServer;
  let opened: Awaited<ReturnType<typeof openBrowser>>;
  before(async () => {
    server = await startTestServer({
      ENABLE_ASR_WEBSERVICE_API: 'true',
      ENABLE_WHISPER_CPP_API: 'true',
    });
    opened = await openBrowser();
  });
  after(async () => {
    if (opened && !('missing' in opened)) await opened.close();
    await server?.close();
  });

  const browserOr = (test: TestContext): Browser | undefined => {
    if (!('missing' in opened)) return opened;
    test.skip(opened.missing);
    return undefined;
  };

  /** Nothing leaves the host, and nothing is refused by the page's policy. */
  const assertAtHome = ({ requests, complaints }: Awaited<ReturnType<typeof seePage>>) => {
    const elsewhere = requests.filter(
      (url) => !url.startsWith(`${server.url}/`) && !url.startsWith('data:'),
    );
    assert.deepEqual(elsewhere, []);
    assert.deepEqual(complaints, []);
  };

  for (const path of ['/docs', '/v1/docs']) {
    it(`shows every operation at ${path} with nothing from elsewhere, and transcribes a file`, async (test) => {
      const browser = browserOr(test);
      if (browser === undefined) return;
      const seen = await seePage(browser, server.url + path, async (page) => {
        assert.equal(await page.locator('.opblock').count(), OPERATIONS);
        const operation = page.locator('#operations-Audio-createTranscription');
        await operation.locator('.opblock-summary-control').click();
        await operation.getByRole('button', { name: 'Try it out' }).click();
        await operation.locator('input[type=file]').setInputFiles(AUDIO);
        await operation.getByRole('button', { name: 'Execute' }).click();
        const answer = operation.locator('.live-responses-table .response');
        await answer.waitFor();
        assert.match(await answer.innerText(), /^200[\s\S]*travel/);
      });
      assertAtHome(seen);
    });
  }

  for (const path of ['/redoc', '/v1/redoc']) {
    it(`shows every operation at ${path} with nothing from elsewhere`, async (test) => {
      const browser = browserOr(test);
      if (browser === undefined) return;
      const seen = await seePage(browser, server.url + path, async (page) => {
        assert.equal(await page.locator('section.operation').count(), OPERATIONS);
        const columns = await page
          .locator('section.operation')
          .first()
          .evaluate((section) => getComputedStyle(section).gridTemplateColumns);
        assert.match(columns, /px .*px/, 'its style sheet did not take effect');
      });
      assertAtHome(seen);
    });
  }

  it('have policies that a browser enforces', async (test) => {
    const browser = browserOr(test);
    if (browser === undefined) return;
    for (const path of ['/docs', '/redoc']) {
      const seen = await seePage(browser, server.url + path, async (page) => {
        await page.evaluate(() => {
          document.body.append(Object.assign(document.createElement('script'), { text: '1' }));
        });
      });
      assert.match(seen.complaints.join(), /Content Security Policy/);
    }
  });

  it('name in their markup only what this server has', async () => {
    for (const path of ['/docs', '/redoc']) {
      const { headers, body } = await rawRequest(server.url + path);
      assert.match(String(headers['content-type']), /^text\/html/);
      const policy = String(headers['content-security-policy']);
      assert.match(policy, /^default-src 'none';/);
      assert.doesNotMatch(policy, /unsafe|https?:|\*/);
      const assets = [...body.matchAll(/<(?:script|link)\b[^>]*\b(?:src|href)="([^"]+)"/g)]
        .map(([, asset]) => asset as string)
        .filter((asset) => !asset.startsWith('data:'));
      assert.ok(assets.length > 0);
      for (const asset of assets) {
        const { status } = await rawRequest(new URL(asset, server.url + path).href);
        assert.equal(status, 200, asset);
      }
    }
  });

  it('are found again from below a slash, where their relative addresses would not hold', async () => {
    for (const path of ['/docs/', '/v1/docs/', '/redoc/']) {
      const { status, headers } = await rawRequest(server.url + path);
      assert.equal(status, 301);
      const target = new URL(String(headers.location), server.url + path).pathname;
      assert.equal(target, path.slice(0, -1));
    }
  });

  it('serve no other files of the package', async () => {
    for (const name of ['package.json', 'swagger-ui.js', '..%2f..%2fpackage.json']) {
      const { status } = await rawRequest(`${server.url}/docs/${name}`);
      assert.equal(status, 404, name);
    }
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { readPage } from '#src/page/page-files.js';
import { rawRequest } from '../support/raw-http.js';
import { startTestServer, type TestServer } from '../support/start-server.js';

const KEY = 'a-key-of-the-page-tests';
/** As browsers send them. */
const BROWSER = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8',
  'accept-encoding': 'gzip, deflate, br',
};

describe('web page', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ API_KEYS: KEY });
  });
  after(() => server?.close());

  const assetNames = async (): Promise<string[]> => {
    const { body } = await rawRequest(`${server.url}/`, { headers: { accept: BROWSER.accept } });
    return [...body.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map(([, name]) =>
      String(name),
    );
  };

  it('is for browsers; whoever takes anything, or wants JSON, gets JSON at the same address', async () => {
    const asked = async (accept?: string) => {
      const headers = accept === undefined ? {} : { accept };
      const response = await rawRequest(`${server.url}/`, { headers });
      assert.match(String(response.headers.vary), /\bAccept\b/);
      return String(response.headers['content-type']).split(';')[0];
    };
    assert.equal(await asked(BROWSER.accept), 'text/html');
    assert.equal(await asked('text/html'), 'text/html');
    for (const accept of [
      undefined,
      '*/*',
      'application/json',
      'application/json, text/html;q=0.5',
    ])
      assert.equal(await asked(accept), 'application/json', accept);
  });

  it('needs no key, nor do the files it consists of, each of which is compressed and kept for ever', async () => {
    const names = await assetNames();
    assert.ok(
      names.some((name) => name.endsWith('.js')) && names.some((name) => name.endsWith('.css')),
    );
    for (const name of names) {
      const url = `${server.url}/${name}`;
      const plain = await rawRequest(url);
      assert.equal(plain.status, 200, name);
      assert.match(String(plain.headers['cache-control']), /immutable/);
      assert.match(String(plain.headers.vary), /Accept-Encoding/);
      assert.equal(plain.headers['content-encoding'], undefined);
      const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
      for (const encoding of ['br', 'gzip'] as const) {
        const response = await fetchPacked(url, encoding);
        assert.equal(response.encoding, encoding);
        assert.equal(unpack[encoding](response.body).toString(), plain.body);
      }
    }
  });

  it('has a policy under which nothing is inline, and markup that needs nothing inline', async () => {
    const { headers, body } = await rawRequest(`${server.url}/`, {
      headers: { accept: BROWSER.accept },
    });
    const policy = String(headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
    assert.doesNotMatch(policy, /unsafe|https?:|\*|nonce/);
    assert.doesNotMatch(body, /<script(?![^>]*\bsrc=)|\bstyle=|<style|\bon\w+=/);
  });

  it('serves nothing but its own files', async () => {
    for (const path of [
      'index.html',
      'nonesuch.js',
      '..%2findex.html',
      '..%2f..%2fsrc%2fmain.js',
    ]) {
      const { status } = await rawRequest(`${server.url}/assets/${path}`);
      assert.equal(status, 404, path);
    }
  });

  it('gives way to JSON where ENABLE_WEB_PAGE is false', async () => {
    const without = await startTestServer({ ENABLE_WEB_PAGE: 'false' });
    try {
      const { status, headers } = await rawRequest(`${without.url}/`, { headers: BROWSER });
      assert.equal(status, 200);
      assert.match(String(headers['content-type']), /^application\/json/);
      const asset = await rawRequest(`${without.url}/${(await assetNames())[0]}`);
      assert.equal(asset.status, 404);
    } finally {
      await without.close();
    }
  });

  it('is known to be missing where nobody has built it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'whosaid-page-'));
    try {
      assert.equal(await readPage(join(folder, 'web')), undefined);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

async function fetchPacked(url: string, encoding: string) {
  const { request } = await import('node:http');
  return new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
    request(url, { headers: { 'accept-encoding': encoding } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

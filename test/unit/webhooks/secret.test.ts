import assert from 'node:assert/strict';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { findWebhookSecret, newWebhookSecret, webhookSecret } from '#services/webhooks/secret.js';
import { testFolder } from '../../support/paths.js';

describe('the secret of webhooks', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let dataDir: string;
  beforeEach(async () => {
    folder = await testFolder();
    dataDir = join(folder.path, 'data');
  });
  afterEach(() => folder.remove());

  it('is made once, and kept for its owner alone', async () => {
    assert.equal(await findWebhookSecret({ configured: null, dataDir }), undefined);
    const secret = await webhookSecret({ configured: null, dataDir });
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    assert.equal(await webhookSecret({ configured: null, dataDir }), secret);
    assert.equal(await findWebhookSecret({ configured: null, dataDir }), secret);
    assert.deepEqual(await readdir(dataDir), ['webhook-secret']);
    if (process.platform === 'win32') return;
    assert.equal((await stat(join(dataDir, 'webhook-secret'))).mode & 0o777, 0o600);
  });

  it('is the same for all who need the first one at once', async () => {
    const asked = Array.from({ length: 20 }, () => webhookSecret({ configured: null, dataDir }));
    assert.equal(new Set(await Promise.all(asked)).size, 1);
    assert.deepEqual(await readdir(dataDir), ['webhook-secret']);
  });

  it('is that of the settings, and then none is made', async () => {
    const configured = newWebhookSecret();
    assert.equal(await webhookSecret({ configured, dataDir }), configured);
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('is never the same twice', () => {
    assert.equal(new Set(Array.from({ length: 100 }, newWebhookSecret)).size, 100);
  });

  it('is refused when it is none, and is not quoted or replaced', async () => {
    await webhookSecret({ configured: null, dataDir });
    const path = join(dataDir, 'webhook-secret');
    for (const text of ['', 'hunter2', 'whsec_', 'whsec_a*b']) {
      await writeFile(path, text);
      await assert.rejects(webhookSecret({ configured: null, dataDir }), (error: Error) => {
        assert.equal(error.name, 'WebhookSecretError');
        assert.match(error.message, /webhook-secret cannot be used\. Expected what/);
        return !error.message.includes('hunter2');
      });
      assert.equal(await readFile(path, 'utf8'), text);
    }
  });

  it('says what to do where it can neither be read nor kept', async () => {
    await writeFile(dataDir, 'a file where a folder is wanted');
    await assert.rejects(webhookSecret({ configured: null, dataDir }), {
      name: 'WebhookSecretError',
      message: /cannot be (read|written) \(\w+\)\. Set WEBHOOK_SECRET, or/,
    });
  });
});

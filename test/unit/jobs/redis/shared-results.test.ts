import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Redis } from 'ioredis';
import { openBlobs } from '#services/blobs/open-blobs.js';
import type { Blobs } from '#services/blobs/types.js';
import { connect } from '#services/jobs/redis/connect.js';
import {
  forgetResults,
  SharedResults,
  unknownResults,
} from '#services/jobs/redis/shared-results.js';
import { encode } from '#services/jobs/store/codec.js';
import { silentLogger } from '#utils/logging/logger.js';
import { testFolder } from '../../../support/paths.js';
import { startRedis } from '../../../support/redis-server.js';
import { sampleTranscript } from '../store/samples.js';

const TRANSCRIPT = sampleTranscript();
const BYTES = encode(TRANSCRIPT).length;

describe('transcripts that many machines keep', async () => {
  const redis = await startRedis();
  const skip =
    redis === undefined && 'redis-server is not installed (apt-get install redis-server)';
  const folder = await testFolder();
  const blobs: Blobs = await openBlobs(pathToFileURL(folder.path).href);
  let client: Redis;
  let prefix: string;
  before(async () => {
    if (!redis) return;
    client = connect({ url: redis.url, kind: 'asking' });
    await client.connect();
  });
  beforeEach(async () => {
    prefix = `{test-${randomUUID()}}`;
    await blobs.removeAll('cache');
  });
  after(async () => {
    client?.disconnect();
    await redis?.close();
    await folder.remove();
  });
  const open = (maxBytes: number) =>
    new SharedResults({ client, prefix, blobs, maxBytes, logger: silentLogger });

  it('are found by all of them, whole', { skip }, async () => {
    await open(1e6).put('key', TRANSCRIPT);
    assert.deepEqual(await open(1e6).get('key'), TRANSCRIPT);
    assert.equal(await open(1e6).get('another'), undefined);
  });

  it('make room for others where they were used least recently', { skip }, async () => {
    const results = open(2 * BYTES + 1);
    await results.put('first', TRANSCRIPT);
    await results.put('second', TRANSCRIPT);
    await results.put('second', TRANSCRIPT);
    await results.get('first');
    await results.put('third', TRANSCRIPT);
    assert.deepEqual((await blobs.list('cache')).sort(), ['first', 'third']);
    assert.equal(await results.get('second'), undefined);
    // One that is larger than all the room makes none.
    await open(BYTES - 1).put('fourth', TRANSCRIPT);
    assert.deepEqual((await blobs.list('cache')).sort(), ['first', 'third']);
  });

  it('are not kept of a job that was removed', { skip }, async () => {
    await open(1e6).put('key', TRANSCRIPT, randomUUID());
    assert.deepEqual(await blobs.list('cache'), []);
    assert.equal(await open(1e6).get('key'), undefined);
  });

  it('are not there when their file is lost, and kept again later', { skip }, async () => {
    const results = open(1e6);
    await results.put('key', TRANSCRIPT);
    await rm(join(folder.path, 'cache', 'key'), { recursive: true });
    assert.equal(await results.get('key'), undefined);
    await results.put('key', TRANSCRIPT);
    assert.deepEqual(await results.get('key'), TRANSCRIPT);
  });

  it('are found by those who tidy up where Redis does not know them', { skip }, async () => {
    assert.deepEqual(await unknownResults({ client, prefix, blobs }), []);
    await open(1e6).put('known', TRANSCRIPT);
    await blobs.putBytes('cache/unknown/transcript', encode(TRANSCRIPT));
    assert.deepEqual(await unknownResults({ client, prefix, blobs }), ['cache/unknown']);
    assert.equal(await forgetResults({ client, prefix, blobs }), 1);
    assert.deepEqual(await blobs.list('cache'), []);
  });

  it('keep nobody waiting and fail nothing while Redis is away', { skip }, async () => {
    const away = connect({ url: 'redis://127.0.0.1:1', kind: 'working' });
    const results = new SharedResults({
      ...{ client: away, prefix, blobs, maxBytes: 1e6, logger: silentLogger },
    });
    try {
      assert.equal(await results.get('key'), undefined);
      await results.put('key', TRANSCRIPT);
    } finally {
      away.disconnect();
    }
  });
});

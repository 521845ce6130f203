import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { BlobError } from '#services/blobs/blob-error.js';
import { openBlobs } from '#services/blobs/open-blobs.js';
import { startS3, type TestS3 } from '../../support/s3-server.js';
import { describeBlobs } from './blobs-contract.js';

let server: TestS3;
before(async () => {
  server = await startS3();
});
after(() => server.close());

describeBlobs('a bucket', async () => ({ blobs: await openBlobs(server.url) }));

it('a bucket that is not there is told of, and so is a server that is not', async () => {
  const none = await openBlobs(server.url.replace('audio', 'nobodys'));
  await assert.rejects(none.putBytes('jobs/a', Buffer.from('x')), BlobError);
  const nowhere = await openBlobs('s3://audio?endpoint=http://127.0.0.1:1');
  await assert.rejects(nowhere.putBytes('jobs/a', Buffer.from('x')), BlobError);
});

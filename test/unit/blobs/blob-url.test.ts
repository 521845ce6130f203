import assert from 'node:assert/strict';
import { it } from 'node:test';
import { blobPlace } from '#services/blobs/blob-url.js';

it('a folder is named as file:///folder', () => {
  assert.deepEqual(blobPlace('file:///srv/whosaid%20blobs'), {
    type: 'folder',
    path: '/srv/whosaid blobs',
  });
});

it('a bucket may have a folder, a region and a server of its own', () => {
  const bucket = { type: 'bucket', bucket: 'audio', prefix: '', forcePathStyle: false } as const;
  const none = { region: undefined, endpoint: undefined };
  assert.deepEqual(blobPlace('s3://audio'), { ...bucket, ...none });
  assert.deepEqual(blobPlace('s3://audio/jobs/here/'), {
    ...bucket,
    ...none,
    prefix: 'jobs/here/',
  });
  assert.deepEqual(blobPlace('s3://audio?endpoint=http://127.0.0.1:9000&region=eu-1'), {
    ...bucket,
    region: 'eu-1',
    endpoint: 'http://127.0.0.1:9000',
    forcePathStyle: true,
  });
});

it('an option that nobody knows is refused, and so is a value that none has', () => {
  assert.throws(() => blobPlace('s3://audio?acl=public'), /'acl' is none of its options/);
  assert.throws(() => blobPlace('s3://audio?endpoint=127.0.0.1'), /endpoint does not start with/);
  assert.throws(() => blobPlace('s3://audio?force_path_style=1'), /neither true nor false/);
});

import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import { blobPlace } from './blob-url.js';
import { FolderBlobs } from './folder-blobs.js';
import type { Blobs } from './types.js';

/**
 * Opens what BLOB_URL names; nothing is read or written yet.
 * @throws Error about the URL, in words that come after "expected …, but"
 */
export async function openBlobs(url: string): Promise<Blobs> {
  const place = blobPlace(url);
  if (place.type === 'bucket') {
    // Large, and loaded only where it is used.
    const { openBucket } = await import('./open-bucket.js');
    return openBucket(place);
  }
  const { path } = place;
  const disk = new Disk(new FSDriver({ location: path, visibility: 'private' }));
  return new FolderBlobs({ disk, root: path });
}

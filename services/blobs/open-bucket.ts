import { S3Client } from '@aws-sdk/client-s3';
import { Disk } from 'flydrive';
import { S3Driver } from 'flydrive/drivers/s3';
import type { BlobPlace } from './blob-url.js';
import { BucketBlobs } from './bucket-blobs.js';
import type { Blobs } from './types.js';

/** A server that does not answer must not keep a job for ever; large files go in pieces, each of which moves. */
const CONNECTION_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 60_000;
/** Asked for where neither the URL nor the environment names one: servers other than Amazon's take any. */
const ANY_REGION = 'us-east-1';

/** Keys are read as all programs for S3 read them: AWS_ACCESS_KEY_ID and its like, files, the machine's role. */
export function openBucket(place: Extract<BlobPlace, { type: 'bucket' }>): Blobs {
  const { bucket, prefix, endpoint, forcePathStyle } = place;
  const region = place.region ?? (endpoint === undefined ? undefined : ANY_REGION);
  const client = new S3Client({
    forcePathStyle,
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    // Not every server knows the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: SILENCE_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  });
  const driver = new S3Driver({ client, bucket, visibility: 'private', supportsACL: false });
  return new BucketBlobs({ disk: new Disk(driver), prefix });
}

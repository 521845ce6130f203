import { type SettingAbout, setting } from './setting.js';
import {
  byteCount,
  decimalNumber,
  parseBytes,
  parseSwitch,
  readWith,
  wholeNumber,
} from './values.js';

const YEARS_HOURS = 100_000;

const off = (about: Omit<SettingAbout, 'expected' | 'shownDefault'>) =>
  setting(readWith(parseSwitch), {
    ...about,
    expected: 'true or false',
    shownDefault: 'false',
    fallback: false,
  });

/** Settings of jobs: docs/jobs.md is about them. */
export const jobSettings = {
  JOB_CONCURRENCY: setting(wholeNumber({ min: 0, max: 64 }), {
    field: 'jobConcurrency',
    expected: 'a whole number from 0 to 64',
    shownDefault: '2',
    fallback: 2,
    text: 'Jobs that are worked on at the same time. They share the engines with requests that wait for their answer. With QUEUE_URL it is chunks of jobs, and 0 leaves them all to `whosaid worker`.',
  }),
  JOB_RETENTION_HOURS: setting(decimalNumber({ min: 0, max: YEARS_HOURS }), {
    field: 'jobRetentionHours',
    expected: 'a number of hours from 0 to 100000 (0 keeps them until they are deleted)',
    shownDefault: '168',
    fallback: 168,
    text: 'How long jobs and their transcripts are kept after their end (168 hours are a week); 0 keeps them until somebody deletes them. Recordings are removed as soon as their job has ended.',
  }),
  MAX_JOBS: setting(wholeNumber({ min: 1, max: 10_000_000 }), {
    field: 'maxJobs',
    expected: 'a whole number from 1 to 10000000',
    shownDefault: '10000',
    fallback: 10_000,
    text: 'Jobs that may wait or be in work; further ones are refused with 503 and `Retry-After`.',
  }),
  MAX_JOB_BYTES: setting(byteCount(), {
    field: 'maxJobBytes',
    expected: 'a number of bytes of at least 1, for example 500MB or 20GB',
    shownDefault: '100GB',
    fallback: 100e9,
    text: 'Room that the recordings of these jobs may take together in DATA_DIR; further ones are refused with 503 and `Retry-After`.',
  }),
  ENABLE_JOB_URLS: off({
    field: 'jobUrls',
    text: 'Jobs may name a `url` that the server fetches the recording from, instead of sending it.',
  }),
  ALLOW_PRIVATE_ADDRESSES: off({
    field: 'allowPrivateAddresses',
    text: 'The `url` of jobs and their webhooks may lead to this machine and to private networks. Whoever may send jobs can then reach what is there.',
  }),
  WEBHOOK_URL: setting(
    readWith((text): string | null | undefined => {
      const url = text.trim();
      return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : undefined;
    }),
    {
      field: 'webhookUrl',
      expected: 'an address that starts with http:// or https://',
      shownDefault: 'none',
      fallback: null,
      text: 'Told of every job that has ended, unless the job names a `webhook_url` of its own.',
    },
  ),
  WEBHOOK_SECRET: setting(
    readWith((text): string | null | undefined =>
      /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(text.trim()) ? text.trim() : undefined,
    ),
    {
      field: 'webhookSecret',
      expected:
        "'whsec_' and at least 24 random bytes in base64, as './bin/whosaid keys webhook-secret' prints",
      shownDefault: 'one that is made at the first start and kept in DATA_DIR',
      fallback: null,
      isSecret: true,
      text: 'What deliveries to webhooks are signed with (Standard Webhooks); their receivers need it to check them.',
    },
  ),
  RESULT_CACHE_BYTES: setting(
    readWith((text): number | undefined => (text.trim() === '0' ? 0 : positive(parseBytes(text)))),
    {
      field: 'resultCacheBytes',
      expected: 'a number of bytes, for example 500MB, or 0 for none',
      shownDefault: '0',
      fallback: 0,
      text: 'Room for transcripts that are kept so that the same recording with the same options is answered at once (`x-whosaid-cache: hit`), to whoever sent it with the same key; 0 keeps none. They outlive requests and jobs: `./bin/whosaid data purge` removes them. With QUEUE_URL it is one room for all gateways and workers together, in BLOB_URL: set it alike for all.',
    },
  ),
  BLOB_URL: setting(
    readWith((text): string | null | undefined => {
      const url = text.trim();
      return /^(file:\/\/\/|s3:\/\/[^/\s]+)/.test(url) && URL.canParse(url) ? url : undefined;
    }),
    {
      field: 'blobUrl',
      expected: 'file:///folder or s3://bucket/folder',
      shownDefault: 'a folder in DATA_DIR',
      fallback: null,
      text: 'Where gateways and workers that share a queue (QUEUE_URL) leave audio for each other: a folder that all of them see, or a bucket (`?endpoint=…&region=…` for servers that speak S3; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are read as usual).',
    },
  ),
};

function positive(bytes: number | undefined): number | undefined {
  return bytes !== undefined && bytes > 0 ? bytes : undefined;
}

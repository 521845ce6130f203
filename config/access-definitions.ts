import { isAbsolute, resolve } from 'node:path';
import {
  hostList,
  keyList,
  openPaths,
  originList,
  redisUrl,
  type TrustProxy,
  trustProxy,
} from './access-values.js';
import { projectRoot } from './root.js';
import { setting } from './setting.js';
import { decimalNumber, readWith, wholeNumber } from './values.js';

const NONE: readonly string[] = [];

/** Settings of who may use the server, from where, and how much: docs/security.md is about them. */
export const accessSettings = {
  API_KEYS: setting(keyList(), {
    field: 'apiKeys',
    isSecret: true,
    expected: 'keys of visible ASCII characters, separated by commas',
    shownDefault: 'not set',
    fallback: NONE,
    text: 'Keys that clients must send one of. `./bin/whosaid keys new` makes one.',
  }),
  API_KEYS_FILE: setting(
    readWith((path): string | null =>
      isAbsolute(path.trim()) ? path.trim() : resolve(projectRoot, path.trim()),
    ),
    {
      field: 'apiKeysFile',
      expected: 'a file with one SHA-256 hash of a key a line, `# name` after it if you like',
      shownDefault: 'not set',
      fallback: null,
      text: 'File of further keys as SHA-256 hashes in hexadecimal, one a line; what follows `#` is a comment. Read again when it changes.',
    },
  ),
  PUBLIC_PATHS: setting(openPaths(), {
    field: 'publicPaths',
    expected:
      'none, or some of /health, /ready, /metrics, /docs, /redoc and /openapi.json, separated by commas',
    shownDefault: '/health,/ready',
    fallback: ['/health', '/ready'],
    text: 'Pages that need no key while keys are set; `none` for no page but the one at `/`.',
  }),
  CORS_ORIGINS: setting(originList(), {
    field: 'corsOrigins',
    expected: 'origins such as https://app.example, separated by commas, or *',
    shownDefault: 'not set',
    fallback: NONE,
    text: 'Origins of web pages that may use the server, besides its own pages; `*` for every page on the web, which without keys lets every page that a user of this machine opens use the server.',
  }),
  ALLOWED_HOSTS: setting(hostList(), {
    field: 'allowedHosts',
    expected: 'host names or addresses without ports, separated by commas, or *',
    shownDefault: 'not set',
    fallback: NONE,
    text: 'Names under which the server may be addressed while no keys are set, besides `localhost`, loopback addresses and HOST; `*` switches the check off.',
  }),
  TRUST_PROXY: setting(trustProxy(), {
    field: 'trustProxy',
    expected:
      'false, true, a number of proxies, or their addresses (also ranges such as 10.0.0.0/8, or loopback, linklocal, uniquelocal), separated by commas',
    shownDefault: 'false',
    fallback: false as TrustProxy,
    text: 'Proxies whose `X-Forwarded-For` is believed: how many stand in front of the server, or which. `true` believes everybody and is right only where nobody can reach the server past the proxy.',
  }),
  RATE_LIMIT_REQUESTS: setting(wholeNumber({ min: 0, max: 1_000_000_000 }), {
    field: 'rateLimitRequests',
    expected: 'a whole number from 0 to 1000000000 (0 is no limit)',
    shownDefault: '0',
    fallback: 0,
    text: 'Requests that each key (without keys, each address) may send in RATE_LIMIT_WINDOW_SECONDS; 0 is no limit.',
  }),
  RATE_LIMIT_WINDOW_SECONDS: setting(decimalNumber({ min: 1, max: 86_400 }), {
    field: 'rateLimitWindowSeconds',
    expected: 'a number of seconds from 1 to 86400',
    shownDefault: '60',
    fallback: 60,
    text: 'Time after which the count of RATE_LIMIT_REQUESTS begins anew.',
  }),
  MAX_CONCURRENT_REQUESTS: setting(wholeNumber({ min: 1, max: 10_000 }), {
    field: 'maxConcurrentRequests',
    expected: 'a whole number from 1 to 10000',
    shownDefault: '8',
    fallback: 8,
    text: 'Recordings that are worked on at the same time; further ones wait. A quarter of these places, rounded up, is kept from long recordings (above 10 minutes, or 10 MB).',
  }),
  MAX_QUEUED_REQUESTS: setting(wholeNumber({ min: 0, max: 100_000 }), {
    field: 'maxQueuedRequests',
    expected: 'a whole number from 0 to 100000',
    shownDefault: '100',
    fallback: 100,
    text: 'Requests that may wait for their turn or whose recording is still arriving, besides those that are worked on; further ones are refused with 503 and `Retry-After`.',
  }),
  MAX_QUEUE_SECONDS: setting(decimalNumber({ min: 0.1, max: 86_400 }), {
    field: 'maxQueueSeconds',
    expected: 'a number of seconds from 0.1 to 86400',
    shownDefault: '120',
    fallback: 120,
    text: 'How long a request waits for its turn at most, before it is refused in the same way.',
  }),
  MAX_REQUESTS_PER_CLIENT: setting(wholeNumber({ min: 0, max: 100_000 }), {
    field: 'maxRequestsPerClient',
    expected: 'a whole number from 0 to 100000 (0 is no limit)',
    shownDefault: '0',
    fallback: 0,
    text: 'Requests of one key (without keys, of one address) that may be received, wait or be worked on at the same time; further ones are refused with 429 and `Retry-After`. 0 is no limit.',
  }),
  QUEUE_URL: setting(redisUrl(), {
    field: 'queueUrl',
    isSecret: true,
    expected: 'the URL of a Redis server, for example redis://127.0.0.1:6379',
    shownDefault: 'not set',
    fallback: null,
    text: 'Redis server through which several gateways share their jobs with each other and with `whosaid worker` (docs/many-machines.md), and count their requests together. While it cannot be reached, jobs wait, and each gateway counts for itself.',
  }),
};

import { isIP } from 'node:net';
import { parseSwitch, readWith } from './values.js';

/** Paths that may be served without a key while keys are needed. */
export const OPEN_PATHS = [
  '/health',
  '/ready',
  '/metrics',
  '/docs',
  '/redoc',
  '/openapi.json',
] as const;

/** What Express takes as `trust proxy`: everybody or nobody, a number of hops, or addresses. */
export type TrustProxy = boolean | number | readonly string[];

/** Keys as they can stand in a header: visible ASCII characters. */
export function keyList() {
  return listOf((word) => (/^[\x21-\x7e]+$/.test(word) ? word : undefined));
}

/** Some of `OPEN_PATHS`, or `none`. */
export function openPaths() {
  return readWith((text): readonly string[] | undefined =>
    text.trim().toLowerCase() === 'none'
      ? []
      : parseList(text, (word) => OPEN_PATHS.find((path) => path === word.toLowerCase())),
  );
}

/** Origins in the spelling of browsers, without a path, or `*`. */
export function originList() {
  return listOf((word) => {
    const origin = word.toLowerCase().replace(/\/$/, '');
    return origin === '*' || /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@]+$/.test(origin) ? origin : undefined;
  });
}

/** Host names and addresses without a port, or `*`. */
export function hostList() {
  return listOf((word) => {
    const host = word.toLowerCase().replace(/^\[(.*)\]$/, '$1');
    const isHost = host === '*' || isIP(host) > 0 || /^[a-z\d_-]+(\.[a-z\d_-]+)*$/.test(host);
    return isHost ? host : undefined;
  });
}

/** `true`, `false`, a number of hops, or addresses: single ones, ranges, or the names that Express knows. */
export function trustProxy() {
  return readWith((text): TrustProxy | undefined => {
    const word = text.trim();
    // Before switches: here 1 is one hop, not yes.
    if (/^\d{1,2}$/.test(word)) return Number(word);
    return parseSwitch(word) ?? parseList(word, proxyAddress);
  });
}

/** A URL that names a Redis server. */
export function redisUrl() {
  return readWith((text): string | null | undefined => {
    const url = text.trim();
    return /^rediss?:\/\/[^\s]+$/.test(url) && URL.canParse(url) ? url : undefined;
  });
}

function proxyAddress(word: string): string | undefined {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(word.toLowerCase())) {
    return word.toLowerCase();
  }
  const [address = '', prefix, ...more] = word.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return undefined;
  if (prefix === undefined) return word;
  const isPrefix = /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
  return isPrefix ? word : undefined;
}

function listOf(readWord: (word: string) => string | undefined) {
  return readWith((text) => parseList(text, readWord));
}

/** Comma-separated words; undefined when there is none, or one that cannot be read. */
function parseList(
  text: string,
  readWord: (word: string) => string | undefined,
): readonly string[] | undefined {
  const words = text.split(',').map((word) => word.trim());
  const values = words.filter((word) => word !== '').map(readWord);
  const isUsable = values.length > 0 && !values.includes(undefined);
  return isUsable ? (values as string[]) : undefined;
}

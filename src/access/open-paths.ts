import type { Request } from 'express';

/** What is asked for before a client has a key: what this is, with and without `/v1`. */
const ALWAYS_OPEN = ['/', '/v1'];
/** Files of the web page, which asks for a key itself. */
const PAGE_FILES = '/assets/';

/**
 * Whether a request asks for a page that everybody may see: `publicPaths`, what lies below them, the root, and the files
 * of the page there.
 */
export function isOpenPath(request: Request, publicPaths: readonly string[]): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const path = request.path.replace(/\/$/, '') || '/';
  if (ALWAYS_OPEN.includes(path) || path.startsWith(PAGE_FILES)) return true;
  const plain = path.replace(/^\/v1(?=\/)/, '');
  return publicPaths.some((open) => plain === open || plain.startsWith(`${open}/`));
}

import { randomBytes } from 'node:crypto';

/** What the page may load: all of it from this server, and what it makes itself (recordings as blobs). */
const SOURCES = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self' blob:",
  "img-src 'self' blob:",
  "media-src 'self' blob:",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * A Content-Security-Policy without anything inline, and the nonce of this response: the waveform puts a style sheet into
 * a shadow root, which only a nonce allows.
 */
export function pagePolicy(): { readonly policy: string; readonly nonce: string } {
  const nonce = randomBytes(16).toString('base64');
  return { nonce, policy: `${SOURCES}; style-src 'self' 'nonce-${nonce}'` };
}

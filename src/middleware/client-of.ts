import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import { contextOf } from './request-context.js';

/** Who sends a request, as far as limits go: a key, or where there are none an address. Never shown to anybody. */
export function clientOf(request: Request): string {
  const { keyId } = contextOf(request);
  // Whoever has an IPv6 network has all its addresses: the network is what counts.
  return keyId === undefined
    ? `address:${ipKeyGenerator(request.ip ?? 'unknown')}`
    : `key:${keyId}`;
}

import type { Request } from 'express';
import { contextOf } from './request-context.js';

/**
 * Whose the jobs of a request are: those of its key, and where no key was sent, of whoever sends none. An address is
 * nobody: it changes, and many share one.
 */
export function ownerOf(request: Request): string {
  const { keyId } = contextOf(request);
  return keyId === undefined ? 'anyone' : `key:${keyId}`;
}

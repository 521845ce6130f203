import type { Request } from 'express';
import { contextOf, type RequestContext } from './request-context.js';

/**
 * Whose the jobs of a request are: those of its key, and where no key was sent, of whoever sends none. An address is
 * nobody: it changes, and many share one.
 */
export function ownerOf(request: Request): string {
  return ownerIn(contextOf(request));
}

/** The same where only the context is at hand. */
export function ownerIn({ keyId }: Pick<RequestContext, 'keyId'>): string {
  return keyId === undefined ? 'anyone' : `key:${keyId}`;
}

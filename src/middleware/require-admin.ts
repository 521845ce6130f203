import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { KeyRing } from '../access/key-ring.js';
import { keyOf } from './authenticate.js';

/**
 * Lets in who has one of ADMIN_KEYS. Throws `admin_keys_unset` where there are none, `api_key_missing`, or
 * `admin_key_needed` for any other key.
 */
export function requireAdmin({ keys }: { readonly keys: KeyRing }): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (!keys.hasAdmins) throw new WhosaidError('admin_keys_unset');
    const key = keyOf(request);
    if (key === undefined) {
      response.setHeader('www-authenticate', 'Bearer realm="whosaid"');
      throw new WhosaidError('api_key_missing');
    }
    if (!keys.isAdmin(key)) throw new WhosaidError('admin_key_needed');
    next();
  };
}

import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { createAddressGuard, ForbiddenAddressError } from './address-guard.js';

/**
 * Checks an address that a request names in its field `param`: http or https, no user name or password, and no literal
 * address of this machine or a private network. What a name leads to is judged when it is connected to. Throws
 * `url_forbidden`.
 * @returns the address as it is to be stored
 */
export function checkUrl(
  text: string,
  { param, allowPrivate }: { readonly param: string; readonly allowPrivate: boolean },
): string {
  try {
    return createAddressGuard({ allowPrivate }).check(text).href;
  } catch (error) {
    if (!(error instanceof ForbiddenAddressError)) throw error;
    throw new WhosaidError('url_forbidden', { param, reason: `it ${error.what}` });
  }
}

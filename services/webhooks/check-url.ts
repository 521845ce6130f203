import { createAddressGuard, ForbiddenAddressError } from '#services/remote/address-guard.js';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

/**
 * Checks the `webhook_url` of a request: http or https, no user name or password, and no literal address of this machine
 * or a private network. What a name leads to is judged when it is delivered to. Throws `url_forbidden`.
 * @returns the address as it is to be stored
 */
export function checkWebhookUrl(text: string, options: { readonly allowPrivate: boolean }): string {
  try {
    return createAddressGuard(options).check(text).href;
  } catch (error) {
    if (!(error instanceof ForbiddenAddressError)) throw error;
    throw new WhosaidError('url_forbidden', { param: 'webhook_url', reason: `it ${error.what}` });
  }
}

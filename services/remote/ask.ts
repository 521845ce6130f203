import { type IncomingMessage, type OutgoingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { AddressGuard } from './address-guard.js';

export type AskOptions = {
  /** As `guard.check` gave it. */
  readonly url: URL;
  readonly guard: AddressGuard;
  readonly method: 'GET' | 'POST';
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string;
  /** Ends the exchange at any time, also while the answer's body is read. */
  readonly signal: AbortSignal;
};

/**
 * One HTTP exchange over a connection of its own, without redirects, cookies or decompression. Resolves with the head of
 * the answer; its body has to be read or destroyed. Rejects with the error of the connection, ForbiddenAddressError or an
 * AbortError.
 */
export function ask(options: AskOptions): Promise<IncomingMessage> {
  const { url, guard, method, headers, body, signal } = options;
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method,
      headers: {
        'user-agent': 'whosaid',
        accept: '*/*',
        'accept-encoding': 'identity',
        ...headers,
      },
      lookup: guard.lookup,
      // Neither a connection of others, nor one through a proxy that would look names up itself.
      agent: false,
      // Whatever the environment says.
      rejectUnauthorized: true,
      signal,
    });
    request.once('response', (response) => {
      // Whoever destroys it early does not listen any more.
      response.on('error', () => {});
      resolve(response);
    });
    // Stays: an exchange can fail after its answer has begun.
    request.on('error', reject);
    request.once('close', () => reject(new Error('The connection ended without an answer.')));
    request.end(body);
  });
}

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { KeyRing } from '../access/key-ring.js';
import { isOpenPath } from '../access/open-paths.js';
import { upgradeOf } from '../realtime/upgrade.js';
import { contextOf } from './request-context.js';

export type AuthenticateOptions = {
  readonly keys: KeyRing;
  /** Paths that need no key. */
  readonly publicPaths: readonly string[];
};

/** Where clients put keys besides `Authorization`: Azure's clients, and many tools. */
const KEY_HEADERS = ['api-key', 'x-api-key'];

/**
 * Lets in who has a key, where keys are needed, and notes whose it is. Throws `api_key_missing` or `api_key_wrong`, with
 * `WWW-Authenticate` set.
 */
export function authenticate({ keys, publicPaths }: AuthenticateOptions): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (!keys.isRequired || isOpenPath(request, publicPaths)) return next();
    // A client secret was taken for the key that made it.
    if (contextOf(request).sealed !== undefined) return next();
    const key = keyOf(request);
    if (key === undefined) {
      response.setHeader('www-authenticate', 'Bearer realm="whosaid"');
      throw new WhosaidError('api_key_missing');
    }
    const keyId = keys.idOf(key);
    if (keyId === undefined) {
      response.setHeader('www-authenticate', 'Bearer realm="whosaid", error="invalid_token"');
      throw new WhosaidError('api_key_wrong');
    }
    contextOf(request).keyId = keyId;
    next();
  };
}

/** Where browsers put keys for WebSockets, which they cannot add headers to: among the protocols that they offer. */
const PROTOCOL_KEY = /^openai-insecure-api-key\.(.+)$/;

/** The key that a request carries, if any. */
export function keyOf(request: Request): string | undefined {
  const bearer = /^bearer\s+(.*)$/i.exec(request.get('authorization') ?? '')?.[1];
  const given = [bearer, ...KEY_HEADERS.map((name) => request.get(name)), protocolKey(request)];
  return given.map((key) => key?.trim()).find((key) => key !== undefined && key !== '');
}

function protocolKey(request: Request): string | undefined {
  if (upgradeOf(request) === undefined) return undefined;
  const offered = (request.get('sec-websocket-protocol') ?? '').split(',');
  return offered
    .map((each) => PROTOCOL_KEY.exec(each.trim())?.[1])
    .find((key) => key !== undefined);
}

import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { KeyRing } from '../access/key-ring.js';
import { type ClientSecrets, isClientSecret } from '../realtime/client-secrets.js';
import { upgradeOf } from '../realtime/upgrade.js';
import { keyOf } from './authenticate.js';
import { contextOf } from './request-context.js';

/**
 * Takes the keys that browsers get for realtime sessions, for nothing else. Whoever has one acts in the name of the key
 * that made it, for as long as that one is valid. Comes before `authenticate`. Throws `client_secret_wrong`, also where
 * no keys are needed: with the key, the settings that it holds would be lost.
 */
export function takeClientSecrets({
  keys,
  clientSecrets,
}: {
  readonly keys: KeyRing;
  readonly clientSecrets: Pick<ClientSecrets, 'open'>;
}): RequestHandler {
  return async (request: Request, _response: Response, next: NextFunction) => {
    const key = upgradeOf(request) && keyOf(request);
    if (key === undefined || !isClientSecret(key) || keys.idOf(key) !== undefined) return next();
    const sealed = await clientSecrets.open(key);
    const { keyId } = sealed;
    const isValid = keyId === undefined ? !keys.isRequired : keys.hasId(keyId);
    if (!isValid) throw new WhosaidError('client_secret_wrong');
    const context = contextOf(request);
    context.sealed = sealed;
    if (keyId !== undefined) context.keyId = keyId;
    next();
  };
}

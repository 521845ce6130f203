import cors from 'cors';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { HostRules } from '../access/host-rules.js';
import { originForbidden } from './host-check.js';

/** What pages may read of an answer besides its body. */
const EXPOSED_HEADERS = [
  'X-Request-ID',
  'openai-processing-ms',
  'openai-version',
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'Retry-After',
  'x-should-retry',
  'Location',
  'x-whosaid-cache',
  'x-whosaid-inverse-text-normalization',
  'x-whosaid-enhanced',
  'x-whosaid-language',
  'x-whosaid-model',
  'x-whosaid-vocabulary',
];
const PREFLIGHT_VALID_SECONDS = 600;

/**
 * Lets pages of allowed origins use the API from a browser. Preflights are answered here, before keys are looked at,
 * since browsers send none with them, and allow whatever headers are asked for: SDKs send many of their own. Throws
 * `origin_forbidden` for preflights of other origins; their other requests go on, but no page can read the answers.
 */
export function crossOrigin(rules: HostRules): RequestHandler {
  const answer = cors((request: Request, done) =>
    done(null, {
      origin: request.get('origin') ?? false,
      exposedHeaders: EXPOSED_HEADERS,
      maxAge: PREFLIGHT_VALID_SECONDS,
      preflightContinue: !isPreflight(request),
    }),
  );
  return (request: Request, response: Response, next: NextFunction) => {
    response.vary('Origin');
    const origin = request.get('origin');
    if (origin === undefined) return next();
    if (rules.allowsOrigin(origin, request.host)) return answer(request, response, next);
    if (isPreflight(request)) throw originForbidden(origin);
    next();
  };
}

/** A plain OPTIONS asks what a path can do and is for its route to answer. */
function isPreflight(request: Request): boolean {
  const asked = request.get('access-control-request-method');
  return request.method === 'OPTIONS' && asked !== undefined;
}

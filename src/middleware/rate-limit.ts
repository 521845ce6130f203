import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';
import { rateLimit as limitRate, type RateLimitInfo, type Store } from 'express-rate-limit';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { shortDuration } from '#utils/time/short-duration.js';
import { isOpenPath } from '../access/open-paths.js';
import { clientOf } from './client-of.js';

export type RateLimitOptions = {
  /** Requests in each window; 0 is no limit. */
  readonly requests: number;
  readonly windowSeconds: number;
  /** Paths that are not counted. */
  readonly publicPaths: readonly string[];
  /** Where the counts are kept. Default: in this process. */
  readonly store?: Store;
};

/**
 * Counts the requests of each key, or of each address where there are no keys, and tells the client by OpenAI's headers
 * how many are left. Throws `rate_limit_exceeded`. Comes after `authenticate`, and counts those that it refuses for their
 * address: whoever has a key is not concerned, even where somebody else there tries wrong ones.
 */
export function rateLimit(options: RateLimitOptions): (RequestHandler | ErrorRequestHandler)[] {
  const { requests, windowSeconds, publicPaths, store } = options;
  if (requests === 0) return [];
  const limiter = limitRate({
    limit: requests,
    windowMs: windowSeconds * 1000,
    standardHeaders: false,
    legacyHeaders: false,
    // They are about proxies and stores, and would be printed past our log; docs/security.md says what they say.
    validate: false,
    skip: (request) => isOpenPath(request, publicPaths),
    keyGenerator: clientOf,
    handler(request, response, next) {
      const seconds = Math.max(1, Math.ceil(tellLimits(request, response) / 1000));
      const window = shortDuration(windowSeconds * 1000);
      next(new WhosaidError('rate_limit_exceeded', { limit: requests, window, seconds }));
    },
    ...(store && { store }),
  });
  return [
    limiter,
    (request: Request, response: Response, next: NextFunction) => {
      tellLimits(request, response);
      next();
    },
    (thrown: unknown, request: Request, response: Response, next: NextFunction) => {
      if (!isRefusedKey(thrown)) return next(thrown);
      limiter(request, response, (limited?: unknown) => {
        tellLimits(request, response);
        next(limited ?? thrown);
      });
    },
  ];
}

function isRefusedKey(thrown: unknown): boolean {
  if (!(thrown instanceof WhosaidError)) return false;
  return ['api_key_missing', 'api_key_wrong', 'client_secret_wrong'].includes(thrown.key);
}

/** Sets the headers of a request that was counted; returns the milliseconds until its window ends. */
function tellLimits(request: Request, response: Response): number {
  const { rateLimit: info } = request as Request & { rateLimit?: RateLimitInfo };
  if (info === undefined) return 0;
  const resetMs = (info.resetTime?.getTime() ?? 0) - Date.now();
  response.setHeader('x-ratelimit-limit-requests', info.limit);
  response.setHeader('x-ratelimit-remaining-requests', info.remaining);
  response.setHeader('x-ratelimit-reset-requests', shortDuration(resetMs));
  return resetMs;
}

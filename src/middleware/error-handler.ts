import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express';
import type { WhosaidError } from '#utils/errors/whosaid-error.js';
import { lingerAfterEarlyAnswer } from './disconnect.js';
import { toCatalogued } from './error-mapping.js';
import { noteError } from './note-error.js';
import { contextOf } from './request-context.js';

/** Statuses after which OpenAI's SDKs try again unless `x-should-retry` says otherwise. */
const isRetriedBySdks = (status: number) => status >= 500 || [408, 409, 429].includes(status);

/** Statuses whose `seconds` say when the same request may succeed. */
const isLater = (status: number) => status === 429 || status === 503;

/** Answers every error in OpenAI's shape and logs those that are the server's. Comes last in the app. */
export function errorHandler(): ErrorRequestHandler {
  return (thrown: unknown, request: Request, response: Response, _next: NextFunction) => {
    const error = toCatalogued(thrown);
    noteError(error, contextOf(request));
    if (response.headersSent) {
      // Half an answer must not look like a whole one.
      response.destroy();
      return;
    }
    if (isRetriedBySdks(error.status)) {
      response.setHeader('x-should-retry', String(error.entry.retryable));
    }
    const { seconds } = error.params;
    if (isLater(error.status) && typeof seconds === 'number') {
      response.setHeader('retry-after', Math.ceil(seconds));
    }
    lingerAfterEarlyAnswer(request);
    // The adapters' clients read more than OpenAI's.
    const bodyOf = (response.locals.errorBody as ErrorBody | undefined) ?? errorBody;
    response.status(error.status).json(bodyOf(error));
  };
}

/** Makes the body of an error; a handler that speaks another dialect leaves its own in `response.locals.errorBody`. */
export type ErrorBody = (error: WhosaidError) => object;

/** OpenAI's error body. */
export function errorBody(error: WhosaidError) {
  const { type, code } = error.entry;
  return { error: { message: error.message, type, param: error.param, code } };
}

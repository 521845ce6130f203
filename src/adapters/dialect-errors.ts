import type { ErrorRequestHandler, NextFunction, Request, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { errorBody } from '../middleware/error-handler.js';

/**
 * Errors of a router in OpenAI's shape, which everybody who logs them can read, with `detail` beside it, where clients of
 * FastAPI servers look. `fileField` is what the router calls the part that others call `file`.
 */
export function dialectErrors({ fileField }: { readonly fileField: string }): ErrorRequestHandler {
  return (thrown: unknown, _request: Request, response: Response, next: NextFunction) => {
    response.locals.errorBody = (error: WhosaidError) => ({
      ...errorBody(error),
      detail: error.message,
    });
    const isMissing = thrown instanceof WhosaidError && thrown.key === 'file_missing';
    next(isMissing && fileField === 'audio_file' ? new WhosaidError('audio_file_missing') : thrown);
  };
}

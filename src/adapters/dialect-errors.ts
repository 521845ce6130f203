import {
  type ErrorRequestHandler,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { errorBody } from '../middleware/error-handler.js';

/**
 * Gives errors on these paths OpenAI's shape, which everybody who logs them can read, with `detail` beside it, where
 * clients of FastAPI servers look. Comes before whatever may refuse a request, keys and limits included.
 */
export function errorsWithDetail(paths: readonly string[]): RequestHandler {
  const router = Router();
  router.use([...paths], (_request: Request, response: Response, next: NextFunction) => {
    response.locals.errorBody = bodyWithDetail;
    next();
  });
  return router;
}

/** Such an error's body. */
export function bodyWithDetail(error: WhosaidError) {
  return { ...errorBody(error), detail: error.message };
}

/** For routes on which the part that others call `file` is called `audio_file`. */
export function audioFileErrors(): ErrorRequestHandler {
  return (thrown: unknown, _request: Request, _response: Response, next: NextFunction) => {
    const isMissing = thrown instanceof WhosaidError && thrown.key === 'file_missing';
    next(isMissing ? new WhosaidError('audio_file_missing') : thrown);
  };
}

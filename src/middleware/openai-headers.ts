import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { contextOf } from './request-context.js';

/** Headers that OpenAI's clients read or show: API version, processing time, and which ones a browser may read. */
export function openaiHeaders(): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    response.setHeader('openai-version', '2020-10-01');
    response.setHeader('access-control-expose-headers', 'X-Request-ID');
    // The time is known when the headers go out; `writeHead` is where every kind of response passes.
    const writeHead = response.writeHead;
    response.writeHead = function (this: Response, ...args: unknown[]) {
      if (!this.headersSent) {
        const elapsedMs = performance.now() - contextOf(request).startedMs;
        this.setHeader('openai-processing-ms', Math.round(elapsedMs));
      }
      return Reflect.apply(writeHead, this, args);
    } as typeof response.writeHead;
    next();
  };
}

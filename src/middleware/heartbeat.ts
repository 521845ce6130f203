import type { NextFunction, Request, RequestHandler, Response } from 'express';

/** Its classes name themselves: `OpenAI/JS`, `AsyncOpenAI/Python`, `AzureOpenAI/JS`. */
const OPENAI_SDK = /^(Async)?(Azure)?OpenAI\//;
/** What proxies add to the requests that they pass on. */
const PROXY_HEADERS = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip'];

export type HeartbeatOptions = {
  /** Pause between two signs of life. Default 15,000: well below any client's patience. */
  readonly intervalMs?: number;
};

/**
 * Tells OpenAI's SDKs by `102 Processing` that an answer is being worked on: Node's fetch gives up after five minutes
 * without headers. Only them: python-requests takes a 102 for the answer. Nor through a proxy: nginx takes it for the
 * answer, too, and hands on a broken one. Ends with the headers of the answer.
 */
export function heartbeats({ intervalMs = 15_000 }: HeartbeatOptions = {}): RequestHandler {
  return (request: Request, response: Response, next: NextFunction) => {
    if (understandsProcessing(request)) {
      const timer = setInterval(() => {
        const isOver = response.headersSent || response.destroyed || response.statusCode === 101;
        if (isOver) return clearInterval(timer);
        // Nobody waits for an answer while there is still something to send.
        if (request.complete) response.writeProcessing();
      }, intervalMs);
      timer.unref();
      response.once('close', () => clearInterval(timer));
    }
    next();
  };
}

function understandsProcessing(request: Request): boolean {
  // 1xx came with HTTP/1.1.
  const hasInterim = request.httpVersionMajor > 1 || request.httpVersionMinor >= 1;
  const isDirect = PROXY_HEADERS.every((name) => request.headers[name] === undefined);
  return hasInterim && isDirect && OPENAI_SDK.test(request.get('user-agent') ?? '');
}

import type { Request, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** A signal that aborts with `client_closed` when the connection ends before the response was sent. */
export function abortOnDisconnect(response: Response): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new WhosaidError('client_closed'));
  });
  return controller.signal;
}

const LINGER_MS = 10_000;

/**
 * Lets a client that is still sending read an answer that was given early: closing at once would reset the connection
 * and the answer with it. What still arrives is thrown away, for ten seconds at most.
 */
export function lingerAfterEarlyAnswer(request: Request): void {
  if (request.complete || request.destroyed) return;
  request.resume();
  const timer = setTimeout(() => request.socket.destroy(), LINGER_MS);
  timer.unref();
  const stop = () => clearTimeout(timer);
  request.once('end', stop);
  request.once('close', stop);
}

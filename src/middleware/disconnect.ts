import type { Socket } from 'node:net';
import type { Request, Response } from 'express';
import { WhosaidError } from '#utils/errors/whosaid-error.js';

export type RequestSignals = {
  /** Aborts with `client_closed` when the connection ends before the answer was sent: nobody reads it. */
  readonly left: AbortSignal;
  /** Aborts with `left`, and as `stopping`: the work is to end, and the answer is the reason why. */
  readonly signal: AbortSignal;
};

/** What ends the work on a request early. */
export function requestSignals(options: {
  readonly response: Response;
  /** Aborts with what is to be answered when the server's time is up. */
  readonly stopping: AbortSignal;
}): RequestSignals {
  const { response, stopping } = options;
  const left = new AbortController();
  const ended = new AbortController();
  const stop = (): void => ended.abort(stopping.reason);
  if (stopping.aborted) stop();
  else stopping.addEventListener('abort', stop, { once: true });
  response.once('close', () => {
    // The server outlives its requests, and must not keep what each of them leaves behind.
    stopping.removeEventListener('abort', stop);
    if (response.writableFinished) return;
    const reason = new WhosaidError('client_closed');
    left.abort(reason);
    ended.abort(reason);
  });
  return { left: left.signal, signal: ended.signal };
}

const LINGER_MS = 10_000;

/**
 * Lets a client that is still sending read an answer that was given early: closing at once would reset the connection
 * and the answer with it. What still arrives is thrown away, for ten seconds at most.
 */
export function lingerAfterEarlyAnswer(request: Request): void {
  if (request.complete || request.destroyed) return;
  const { socket } = request;
  request.resume();
  const mayEnd = holdEnd(socket);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  request.once('end', mayEnd);
  request.once('close', () => {
    clearTimeout(timer);
    mayEnd();
  });
}

/**
 * Node ends a connection as soon as an answer that says `Connection: close` is sent, whatever is still on its way.
 *
 * @returns What lets it end, and ends it if that was wanted meanwhile. Idempotent.
 */
function holdEnd(socket: Socket): () => void {
  let isWanted = false;
  socket.destroySoon = () => {
    isWanted = true;
  };
  return () => {
    // The method of its class is there again.
    Reflect.deleteProperty(socket, 'destroySoon');
    if (isWanted) socket.destroySoon();
    isWanted = false;
  };
}

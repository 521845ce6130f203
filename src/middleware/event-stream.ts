import { once } from 'node:events';
import type { Response } from 'express';

/** A comment so often keeps proxies and clients from giving up on a connection on which nothing happens. */
const HEARTBEAT_MS = 10_000;

export type EventStreamOptions = {
  readonly response: Response;
  /** Aborts when the client has left. */
  readonly signal: AbortSignal;
  readonly heartbeatMs?: number;
  /** A client that takes not one byte for so long is cut off: others wait for what it keeps. Default: never. */
  readonly stalledMs?: number;
};

/** What an event is called, and what number it has, for those who come again and want to go on after it. */
export type EventLabel = { readonly name: string; readonly id: number };

/** An answer as server-sent events. */
export type EventStream = {
  /**
   * Sends one, as OpenAI does as `data` alone, unless it has a label; resolves when the client has taken enough for
   * another. Rejects with `signal.reason`.
   */
  send(event: object, label?: EventLabel): Promise<void>;
  /** Says that everything has been sent. */
  sendDone(): Promise<void>;
  /** Stops the heartbeat. Ending the response is for its owner. Idempotent. */
  dispose(): void;
};

/**
 * Begins the answer: the headers go out at once, and from now on a comment whenever a while has passed.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export function openEventStream(options: EventStreamOptions): EventStream {
  const { response, signal, heartbeatMs = HEARTBEAT_MS, stalledMs = 0 } = options;
  response.setHeader('content-type', 'text/event-stream; charset=utf-8');
  response.setHeader('cache-control', 'no-cache');
  // nginx would hold events back until its buffer is full.
  response.setHeader('x-accel-buffering', 'no');
  response.flushHeaders();
  const heartbeat = setInterval(() => {
    // Who does not read what is there needs no sign of life.
    if (!response.writableNeedDrain) response.write(': keep-alive\n\n');
  }, heartbeatMs);
  const cutOff = (): void => {
    response.destroy();
  };
  const write = async (data: string, label = ''): Promise<void> => {
    signal.throwIfAborted();
    if (response.write(`${label}data: ${data}\n\n`)) return;
    // Node's own time counts from the last byte that the client's machine took, not from the last that we wrote.
    response.setTimeout(stalledMs, cutOff);
    await once(response, 'drain', { signal })
      .catch((error: unknown) => {
        throw signal.reason ?? error;
      })
      .finally(() => response.setTimeout(0).off('timeout', cutOff));
  };
  return {
    send: (event, label) =>
      write(JSON.stringify(event), label && `id: ${label.id}\nevent: ${label.name}\n`),
    sendDone: () => write('[DONE]'),
    dispose: () => clearInterval(heartbeat),
  };
}

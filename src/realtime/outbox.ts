import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { WhosaidError } from '#utils/errors/whosaid-error.js';

/** An event of the server, without its id. */
export type ServerEvent = { readonly type: string; readonly [field: string]: unknown };

/** Where events for the client go. */
export type Outbox = {
  /** Does nothing once the socket closes. */
  send(event: ServerEvent): void;
  /** An `error` event about what the client sent as `eventId`. */
  sendError(error: WhosaidError, eventId?: string): void;
};

/** Events of a few hundred bytes wait in the gateway's memory for a client that does not read. */
const MAX_WAITING_BYTES = 2 ** 20;

/** Makes ids as OpenAI's look: `event_…`, `item_…`, `sess_…`. */
export function newId(kind: string): string {
  return `${kind}_${randomUUID().replaceAll('-', '')}`;
}

/** `onOverflow` is called when the client takes nothing for so long that too much waits for it. */
export function createOutbox(
  socket: WebSocket,
  { onOverflow }: { readonly onOverflow: () => void },
): Outbox {
  const send = ({ type, ...fields }: ServerEvent): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ type, event_id: newId('event'), ...fields }));
    if (socket.bufferedAmount > MAX_WAITING_BYTES) onOverflow();
  };
  return {
    send,
    sendError(error, eventId) {
      send({ type: 'error', error: { ...errorFields(error), event_id: eventId ?? null } });
    },
  };
}

/** An error in the shape in which events have it. */
export function errorFields(error: WhosaidError) {
  const { type, code } = error.entry;
  return { type, code, message: error.message, param: error.param };
}

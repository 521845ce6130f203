import type { IncomingMessage, ServerResponse } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { handOver, upgradeOf } from './upgrade.js';

/** Opens WebSockets for requests that may have one. */
export type WebSockets = {
  /**
   * Rejects with `websocket_handshake_invalid`, or with `client_closed` where the client has left meanwhile; the response
   * can be answered then.
   */
  open(request: IncomingMessage, response: ServerResponse): Promise<WebSocket>;
};

/** OpenAI takes 15 MiB of base64 in one event; its other fields need little. */
const MAX_MESSAGE_BYTES = 15 * 2 ** 20 + 64 * 2 ** 10;
const TOO_LARGE = 1009;
/** The only protocol that is spoken; keys stand among those that browsers offer, and are never sent back. */
const PROTOCOL = 'realtime';

/** What the 101 has of the headers that every answer has. */
const SENT_HEADERS = /^(x-request-id|openai-version|x-ratelimit-.*)$/;

/** Says why, where the package closes by a code alone. */
class ExplainedSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    const isSilent = code === TOO_LARGE && reason === undefined;
    super.close(
      code,
      isSilent ? 'an event has at most 15 MiB: send sound in smaller pieces' : reason,
    );
  }
}

/** `closeMs`: for a client to answer when its socket is closed. */
export function createWebSockets({ closeMs }: { readonly closeMs: number }): WebSockets {
  const failures = new WeakMap<IncomingMessage, (error: Error) => void>();
  const options = {
    noServer: true,
    clientTracking: false,
    maxPayload: MAX_MESSAGE_BYTES,
    // Sound in base64 hardly shrinks, and costs a hostile client nothing to blow up.
    perMessageDeflate: false,
    handleProtocols: (offered: ReadonlySet<string>) =>
      offered.has(PROTOCOL) ? PROTOCOL : (false as const),
    closeTimeout: closeMs,
    WebSocket: ExplainedSocket,
  };
  const server = new WebSocketServer(options);
  server.on('wsClientError', (error, _socket, request) => failures.get(request)?.(error));
  const responses = new WeakMap<IncomingMessage, ServerResponse>();
  server.on('headers', (headers, request) => {
    for (const [name, value] of Object.entries(responses.get(request)?.getHeaders() ?? {}))
      if (SENT_HEADERS.test(name)) headers.push(`${name}: ${value}`);
  });
  return {
    open(request, response) {
      const upgrade = upgradeOf(request);
      if (!upgrade) return Promise.reject(new WhosaidError('websocket_needed'));
      const { socket, head } = upgrade;
      return new Promise((resolve, reject) => {
        const left = (): void => reject(new WhosaidError('client_closed'));
        if (socket.destroyed) return left();
        socket.once('close', left);
        failures.set(request, ({ message }) =>
          reject(new WhosaidError('websocket_handshake_invalid', { reason: message })),
        );
        responses.set(request, response);
        server.handleUpgrade(request, socket, head, (webSocket) => {
          socket.off('close', left);
          handOver(response, socket);
          resolve(webSocket);
        });
      });
    },
  };
}

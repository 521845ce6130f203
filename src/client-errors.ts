import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import { errorBody } from './middleware/error-handler.js';

/** Closing at once would reset a connection on which the client is still sending, and the answer with it. */
const LINGER_MS = 2000;

type ClientError = NodeJS.ErrnoException & {
  /** The parser's own sentence; says nothing of what was sent. */
  readonly reason?: string;
};

/**
 * Answers what is no request at all, and so never comes to the app, in OpenAI's shape as everything else: Node's own
 * answer has no body. The connection ends, since nobody knows where a next request would begin.
 */
export function answerClientErrors(server: Server, { logger }: { logger: Logger }): void {
  const lastOn = new WeakMap<Socket, ServerResponse>();
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    lastOn.set(socket, response);
  });
  server.on('clientError', (thrown: ClientError, socket: Socket) => {
    // What comes after the answer is no request either.
    if (socket.writableEnded) return;
    const error = toCatalogued(thrown);
    const last = lastOn.get(socket);
    // Two answers in one would be worse than none.
    const isAnswering = last?.headersSent === true && !last.writableFinished;
    if (error === undefined || isAnswering || !socket.writable) {
      socket.destroy();
      return;
    }
    const requestId = `req_${randomUUID().replaceAll('-', '')}`;
    logger.info('No request', { requestId, status: error.status, error: error.key });
    socket.end(answerOf(error, requestId));
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  });
}

/** Undefined: the connection broke, and nobody is there to read an answer. */
function toCatalogued(thrown: ClientError): WhosaidError | undefined {
  const { code = '', reason } = thrown;
  const options = { cause: thrown };
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new WhosaidError('request_headers_too_large', {}, options);
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const late = 'its headers or its body took too long';
    return new WhosaidError('request_timeout', { reason: late }, options);
  }
  if (!code.startsWith('HPE_')) return undefined;
  return new WhosaidError('request_malformed', { reason: reason ?? code }, options);
}

function answerOf(error: WhosaidError, requestId: string): string {
  const body = JSON.stringify(errorBody(error));
  return [
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    `x-request-id: ${requestId}`,
    ...(error.status === 408 ? [`x-should-retry: ${error.entry.retryable}`] : []),
    '',
    body,
  ].join('\r\n');
}

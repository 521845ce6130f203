import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import express, { type Request, type Response } from 'express';
import { heartbeats } from '#src/middleware/heartbeat.js';

/** What goes wrong on a lane. */
export type Trouble = '503-once' | '503-always' | '429-once' | 'slow';

/** A request that came on a lane. */
export type Arrival = {
  /** By one clock. */
  readonly atMs: number;
  /** How many `102 Processing` its client was sent. */
  signsOfLife: number;
};

export type TroublesomeProxy = {
  /** A base URL without /v1 on which a client meets the trouble. */
  lane(trouble: Trouble, client: string): string;
  arrivals(trouble: Trouble, client: string): readonly Arrival[];
  close(): Promise<void>;
};

const BODIES = {
  503: {
    message: 'The server is busy. Try again in 1 s.',
    type: 'server_error',
    code: 'server_busy',
  },
  429: {
    message: 'Rate limit reached. Try again in 1 s.',
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
  },
} as const;

/** Long enough for several signs of life, which come every `HEARTBEAT_MS` here. */
const SLOW_MS = 700;
const HEARTBEAT_MS = 100;

/**
 * A proxy on loopback before the gateway at `origin` that turns requests away, the first of a lane or all of them, as a
 * busy gateway does (`Retry-After: 1`), or is slow and gives the gateway's own signs of life meanwhile; then it passes
 * them on. Clients cannot tell it from a gateway.
 */
export async function startTroublesomeProxy(origin: string): Promise<TroublesomeProxy> {
  const lanes = new Map<string, Arrival[]>();
  const app = express();
  app.use('/:trouble/:client', (request, response, next) => {
    const { trouble, client } = request.params;
    const arrival = { atMs: performance.now(), signsOfLife: 0 };
    const lane = lanes.get(`${trouble}/${client}`) ?? [];
    lanes.set(`${trouble}/${client}`, [...lane, arrival]);
    countSignsOfLife(response, arrival);
    if (trouble === 'slow') return next();
    if (lane.length > 0 && !trouble.endsWith('-always')) return next();
    return turnAway(request, response, trouble.startsWith('503') ? 503 : 429);
  });
  app.use('/slow', heartbeats({ intervalMs: HEARTBEAT_MS }));
  app.use('/:trouble/:client', async (request, response) => {
    const body = await bytesOf(request);
    if (request.params.trouble === 'slow') await pause(SLOW_MS);
    passOn({ request, response, body, url: origin + request.url });
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    lane: (trouble, client) => `http://127.0.0.1:${port}/${trouble}/${client}`,
    arrivals: (trouble, client) => lanes.get(`${trouble}/${client}`) ?? [],
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function countSignsOfLife(response: Response, arrival: Arrival): void {
  const write = response.writeProcessing.bind(response);
  response.writeProcessing = () => {
    arrival.signsOfLife += 1;
    write();
  };
}

/** Reads the request to its end first, so that every client reads the answer. */
async function turnAway(request: Request, response: Response, status: 429 | 503): Promise<void> {
  await bytesOf(request);
  response.status(status).set('retry-after', '1');
  response.json({ error: { ...BODIES[status], param: null } });
}

async function bytesOf(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function passOn(options: { request: Request; response: Response; body: Buffer; url: string }) {
  const { request, response, body, url } = options;
  const onward = httpRequest(url, {
    method: request.method,
    headers: { ...endToEnd(request.headers), 'content-length': body.length },
  });
  onward.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.once('error', () => response.destroy());
  onward.end(body);
}

/** Headers that are not about the one connection. */
function endToEnd({ host, connection, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  const { 'transfer-encoding': _, ...rest } = headers;
  return rest;
}

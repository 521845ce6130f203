import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { type RemoteServer, startRemoteServer } from '../../support/remote-server.js';

/** What was sent to a webhook. */
export type Told = { readonly headers: IncomingHttpHeaders; readonly body: string };

export type Receiver = RemoteServer & { readonly told: Told[] };

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void;

export const answer =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    response.writeHead(status, headers).end('{}');

/** A webhook: answers the first request like the first behaviour and so on, and the last one stays. */
export async function startReceiver(...behaviours: readonly Behaviour[]): Promise<Receiver> {
  const told: Told[] = [];
  const server = await startRemoteServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const behave = behaviours[Math.min(told.length, behaviours.length - 1)];
    told.push({ headers: request.headers, body });
    behave?.(response, request);
  });
  return { ...server, told };
}

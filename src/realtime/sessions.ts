import type { WebSocket } from 'ws';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { ClientCounts } from '../admission/client-counts.js';
import type { SessionEnd } from '../metrics/realtime-events.js';

/** All realtime sessions of a server. */
export type RealtimeSessions = {
  /** Takes a place. Throws `realtime_full` or `realtime_client_full`. */
  enter(client: string): SessionPlace;
  state(): { readonly open: number; readonly limit: number };
  /** Stops asking whether clients are there, and cuts the connections of those that still are. */
  close(): void;
};

export type SessionPlace = {
  /**
   * Watches over a session that has begun: that its client is there, and that it ends with the server. The place is
   * free when the socket is closed.
   */
  begin(session: WatchedSession): void;
  /** For a session that did not begin. Idempotent. */
  leave(): void;
};

export type WatchedSession = {
  readonly socket: WebSocket;
  readonly end: (reason: SessionEnd) => void;
};

export type RealtimeSessionsOptions = {
  readonly maxSessions: number;
  /** 0 is no limit. */
  readonly maxPerClient: number;
  readonly pingMs: number;
  /** Aborts when sessions are to end with what they have. */
  readonly draining: AbortSignal;
  /** Aborts when nothing more is waited for. */
  readonly stopping: AbortSignal;
};

/** When another session may have ended; nobody knows. */
const RETRY_SECONDS = 30;

export function createRealtimeSessions(options: RealtimeSessionsOptions): RealtimeSessions {
  const { maxSessions, maxPerClient, draining, stopping } = options;
  const clients = new ClientCounts({ limit: maxPerClient });
  const watched = new Map<WatchedSession, { isAlive: boolean }>();
  let open = 0;

  const pings = setInterval(() => {
    for (const [session, state] of watched) askWhetherAlive(session, state);
  }, options.pingMs);
  pings.unref();
  const endAll = (): void => {
    for (const session of watched.keys()) session.end('stopping');
  };
  const cutAll = (): void => {
    for (const { socket } of watched.keys()) socket.terminate();
  };
  draining.addEventListener('abort', endAll, { once: true });
  stopping.addEventListener('abort', cutAll, { once: true });

  const enter = (client: string): SessionPlace => {
    if (open >= maxSessions)
      throw new WhosaidError('realtime_full', { limit: maxSessions, seconds: RETRY_SECONDS });
    if (clients.isFull(client))
      throw new WhosaidError('realtime_client_full', {
        limit: maxPerClient,
        seconds: RETRY_SECONDS,
      });
    const forget = clients.add(client);
    open += 1;
    let hasLeft = false;
    const leave = (): void => {
      if (hasLeft) return;
      hasLeft = true;
      open -= 1;
      forget();
    };
    return {
      leave,
      begin(session) {
        const state = { isAlive: true };
        watched.set(session, state);
        session.socket.on('pong', () => {
          state.isAlive = true;
        });
        session.socket.once('close', () => {
          watched.delete(session);
          leave();
        });
        if (draining.aborted) session.end('stopping');
      },
    };
  };
  return {
    enter,
    state: () => ({ open, limit: maxSessions }),
    close() {
      clearInterval(pings);
      cutAll();
    },
  };
}

function askWhetherAlive({ socket, end }: WatchedSession, state: { isAlive: boolean }): void {
  // While nothing is read from a client, its answers are not either.
  if (socket.isPaused) state.isAlive = true;
  if (!state.isAlive) {
    end('lost');
    return;
  }
  state.isAlive = false;
  socket.ping();
}

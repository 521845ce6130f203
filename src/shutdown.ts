import { setMaxListeners } from 'node:events';
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Connections } from './connections.js';
import type { StopPlan } from './stop-plan.js';

/** A service that is started again, or another one that takes over, is there within a few seconds. */
const RETRY_SECONDS = 5;

export type Shutdown = {
  /** Aborts with `server_stopping` as soon as the server is to stop: requests that come from then on are refused. */
  readonly draining: AbortSignal;
  /** Aborts with `server_stopping` when requests have had their time: what they are at is given up. */
  readonly stopping: AbortSignal;
  /**
   * Stops accepting and resolves when every connection has ended: on its own as far as there is time for it, and cut
   * otherwise. Once per server; never rejects.
   */
  drain(server: Server, connections: Connections): Promise<void>;
};

export function createShutdown({
  workMs,
  answerMs,
}: Pick<StopPlan, 'workMs' | 'answerMs'>): Shutdown {
  const draining = new AbortController();
  const stopping = new AbortController();
  setMaxListeners(0, draining.signal, stopping.signal); // every request listens
  const giveUp = (): void => stopping.abort(stoppingError());
  return {
    draining: draining.signal,
    stopping: stopping.signal,
    async drain(server, connections) {
      draining.abort(stoppingError());
      if (server.listening) {
        const timers = [
          setTimeout(giveUp, workMs),
          setTimeout(() => server.closeAllConnections(), workMs + answerMs),
        ];
        await closed(server, connections);
        for (const timer of timers) clearTimeout(timer);
      }
      // Nobody is left to be answered.
      giveUp();
    },
  };
}

async function closed(server: Server, connections: Connections): Promise<void> {
  await new Promise((resolve) => {
    // HTTP's own `close` would drop idle connections, with the request that may be on its way: it is to be refused.
    NetServer.prototype.close.call(server, resolve);
    connections.close();
  });
  // Ends the watch over slow headers, too.
  server.close();
}

function stoppingError(): WhosaidError {
  return new WhosaidError('server_stopping', { seconds: RETRY_SECONDS });
}

import { collectDefaultMetrics, Registry } from 'prom-client';

let shared: Registry | undefined;

/**
 * Figures of this process: CPU, memory, event loop, garbage collection. One for all servers of a process, since what
 * watches these cannot be taken away again; it does not keep the process alive.
 */
export function processRegistry(): Registry {
  if (shared === undefined) {
    shared = new Registry();
    collectDefaultMetrics({ register: shared });
  }
  return shared;
}

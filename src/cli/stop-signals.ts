import { constants } from 'node:os';

/** npm passes on a Ctrl-C that the terminal has given to every process already: the same one arrives twice. */
const SAME_KEYPRESS_MS = 500;

/**
 * Calls `stop` on the first SIGINT or SIGTERM; a later one ends the process at once.
 * @returns a function that makes signals mean what they mean without this
 */
export function onStopSignal(stop: (signal: NodeJS.Signals) => void): () => void {
  let firstAtMs: number | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    if (firstAtMs === undefined) {
      firstAtMs = performance.now();
      stop(signal);
    } else if (performance.now() - firstAtMs > SAME_KEYPRESS_MS) {
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on('SIGINT', handle);
  process.on('SIGTERM', handle);
  return () => {
    process.off('SIGINT', handle);
    process.off('SIGTERM', handle);
  };
}

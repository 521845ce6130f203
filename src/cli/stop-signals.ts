import { constants } from 'node:os';

/** npm passes on a Ctrl-C that the terminal has given to every process already: the same one arrives twice. */
const SAME_KEYPRESS_MS = 500;

/** Ctrl-C, what service managers send, and the end of the terminal. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `stop` on the first SIGINT, SIGTERM or SIGHUP; a later one ends the process at once, with 128 and its number.
 * `beforeExit` is called before that.
 * @returns a function that makes signals mean what they mean without this
 */
export function onStopSignal(
  stop: (signal: NodeJS.Signals) => void,
  { beforeExit = () => {} }: { readonly beforeExit?: () => void } = {},
): () => void {
  let firstAtMs: number | undefined;
  const handle = (signal: NodeJS.Signals): void => {
    if (firstAtMs === undefined) {
      firstAtMs = performance.now();
      stop(signal);
    } else if (performance.now() - firstAtMs > SAME_KEYPRESS_MS) {
      beforeExit();
      process.exit(128 + constants.signals[signal]);
    }
  };
  for (const signal of STOP_SIGNALS) process.on(signal, handle);
  return () => {
    for (const signal of STOP_SIGNALS) process.off(signal, handle);
  };
}

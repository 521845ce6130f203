import type { Logger } from '#utils/logging/logger.js';

/** More than these in a minute are no accident any more: a process in that state does nobody good. */
const MAX_IN_WINDOW = 10;
const WINDOW_MS = 60_000;

export type LastResortOptions = {
  readonly logger: Logger;
  /** Called once, when there is one after the other. */
  readonly onStorm: () => void;
};

/**
 * Errors that nobody caught are logged and do not end this process, which others' requests live in: an error in one of
 * them must not cost the rest. For the main program only, since it speaks for the whole process.
 * @returns a function that undoes this
 */
export function installLastResort({ logger, onStorm }: LastResortOptions): () => void {
  const timesMs: number[] = [];
  let hasStorm = false;
  const note = (thrown: unknown, kind: string): void => {
    // Only an Error is described without what it quotes.
    const error = thrown instanceof Error ? thrown : new Error(`a ${typeof thrown} was thrown`);
    logger.error('An error that nobody caught', { kind, error });
    const nowMs = performance.now();
    timesMs.push(nowMs);
    while (nowMs - (timesMs[0] ?? nowMs) > WINDOW_MS) timesMs.shift();
    if (timesMs.length <= MAX_IN_WINDOW || hasStorm) return;
    hasStorm = true;
    logger.error('Too many errors that nobody caught: stopping', { count: timesMs.length });
    onStorm();
  };
  const onException = (error: unknown): void => note(error, 'exception');
  const onRejection = (reason: unknown): void => note(reason, 'rejection');
  process.on('uncaughtException', onException);
  process.on('unhandledRejection', onRejection);
  return () => {
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
  };
}

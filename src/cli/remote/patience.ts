import { setTimeout as pause } from 'node:timers/promises';
import { retryAfterMs } from '#utils/time/retry-after.js';
import type { Answer } from './exchange.js';

export type Patience = {
  /** How often in a row a connection may fail. Default 10: about three minutes, in which a server restarts. */
  readonly failures?: number;
  /** Before the second attempt; it doubles. Default 500. */
  readonly firstPauseMs?: number;
  /** The longest, also of what a server asks for. Default 30,000. */
  readonly longestPauseMs?: number;
};

/** What a busy server says, and what stands in front of one that restarts. */
const LATER = [429, 502, 503, 504];

/**
 * Repeats a request until there is an answer to it: for as long as the server says that it is busy, and for a few minutes
 * while it cannot be reached. Rejects with the last failure of the connection, or `signal.reason`.
 */
export async function patiently(
  ask: () => Promise<Answer>,
  options: Patience & { readonly signal: AbortSignal; readonly onWait?: (() => void) | undefined },
): Promise<Answer> {
  const { failures = 10, firstPauseMs = 500, longestPauseMs = 30_000, signal, onWait } = options;
  let failed = 0;
  for (let attempt = 0; ; attempt++) {
    let wishMs: number | undefined;
    try {
      const answer = await ask();
      const isFinal =
        !LATER.includes(answer.status) || answer.headers['x-should-retry'] === 'false';
      if (isFinal) return answer;
      failed = 0;
      wishMs = retryAfterMs(answer.headers['retry-after'], Date.now());
    } catch (error) {
      signal.throwIfAborted();
      failed += 1;
      if (failed > failures || !isOfConnection(error)) throw error;
    }
    onWait?.();
    const ownMs = firstPauseMs * 2 ** Math.min(attempt, 20) * (0.75 + Math.random() / 2);
    await pause(Math.min(wishMs ?? ownMs, longestPauseMs), undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  }
}

const CONNECTION_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
];

/** That of a file that cannot be read, or of a name that does not exist, is the same next time. */
function isOfConnection(error: unknown): boolean {
  return CONNECTION_CODES.includes((error as NodeJS.ErrnoException).code ?? '');
}

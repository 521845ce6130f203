import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { SessionEnd } from '../metrics/realtime-events.js';

/** How a session ends: the error that its client is told first, and the code that closes its socket. */
export type Ending = {
  readonly error?: WhosaidError;
  /** Of RFC 6455, section 7.4.1; absent: nobody is there to be told. */
  readonly code?: number;
};

const GOING_AWAY = 1001;
const POLICY = 1008;
const INTERNAL = 1011;

export function endings(
  reason: SessionEnd,
  limits: { readonly sessionSeconds: number; readonly idleSeconds: number },
): Ending {
  switch (reason) {
    case 'expired': {
      const error = new WhosaidError('realtime_session_expired', { limit: limits.sessionSeconds });
      return { error, code: GOING_AWAY };
    }
    case 'idle': {
      const error = new WhosaidError('realtime_session_idle', { limit: limits.idleSeconds });
      return { error, code: POLICY };
    }
    case 'stopping':
      return { code: GOING_AWAY };
    case 'failed':
      return { error: new WhosaidError('internal_error'), code: INTERNAL };
    default:
      return {};
  }
}

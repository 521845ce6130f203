import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { LossReason } from './options.js';

const LOSS_IN_WORDS: Record<LossReason, string> = {
  ended: 'the process ended by itself',
  silent: 'the process gave no sign of life',
  stalled: 'the work made no progress',
  memory: 'the work took too much memory',
};

/** For a request that has ended as many hosts as it may; `lost` is what the last of them left. */
export function crashedError(lost: WhosaidError): WhosaidError {
  const reason = LOSS_IN_WORDS[lost.params.reason as LossReason];
  return new WhosaidError('engine_crashed', { reason }, { cause: lost });
}

export function stoppingError(): WhosaidError {
  return new WhosaidError('engine_unavailable', { reason: 'the server is stopping' });
}

/** For requests that are not tried, since those before them ended hosts again and again. */
export function circuitOpenError(seconds: number): WhosaidError {
  const reason = 'its processes ended again and again';
  return new WhosaidError('engine_unavailable', { reason, seconds });
}

/** Why no host could be started, with the time of the next attempt. */
export function noHostError(failure: WhosaidError, seconds: number): WhosaidError {
  return new WhosaidError(failure.key, { ...failure.params, seconds }, { cause: failure });
}

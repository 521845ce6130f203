import { WhosaidError } from '#utils/errors/whosaid-error.js';

/** A child that ended before its recording did. */
export class ChildEnded extends Error {
  override readonly name = 'ChildEnded';
  /** A signal, or an exit code in words. */
  readonly reason: string;

  constructor(reason: string) {
    super(`the decoding child ended: ${reason}`);
    this.reason = reason;
  }
}

/** For recordings that were being decoded when the decoder was disposed of. */
export function wasShutDown(cause?: ChildEnded): WhosaidError {
  return new WhosaidError('decoder_lost', { reason: 'it was shut down' }, { cause });
}

/** Two processes that crash on one file do so because of it; two that were killed say nothing of it. */
export function lostTwice(cause: ChildEnded): WhosaidError {
  const { reason } = cause;
  return crashSignals.has(reason)
    ? new WhosaidError(
        'audio_corrupt',
        { reason: `the decoder crashed on it (${reason}).` },
        { cause },
      )
    : new WhosaidError('decoder_lost', { reason }, { cause });
}

const crashSignals: ReadonlySet<string> = new Set([
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGSEGV',
  'SIGTRAP',
]);

import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { claimIsTooLong } from './claimed-length.js';
import { Deadline } from './deadline.js';
import type { DecoderProcess } from './decoder-process.js';
import type { FromDecoder } from './decoder-protocol.js';
import { SAMPLE_RATE } from './pcm.js';
import type { DecodeOptions, DecodeSummary } from './types.js';

export type DecodeRunOptions = DecodeOptions & {
  readonly fileBytes: number;
  readonly maxAudioSeconds: number;
  /** How long the child may make no progress while the consumer waits. */
  readonly noProgressMs: number;
};

/** A child that ended before its recording did, and whether it had said anything until then. */
export class ChildEnded extends Error {
  override readonly name = 'ChildEnded';
  readonly reason: string;
  readonly silent: boolean;

  constructor(reason: string, silent: boolean) {
    super(`the decoding child ended: ${reason}`);
    this.reason = reason;
    this.silent = silent;
  }
}

/** Reads one child's PCM to the end and enforces the limits. Throws ChildEnded, WhosaidError or the abort's reason. */
export async function* readChild(
  child: DecoderProcess,
  options: DecodeRunOptions,
): AsyncGenerator<Int16Array, DecodeSummary, void> {
  const { signal, maxAudioSeconds, noProgressMs } = options;
  const deadline = new Deadline({ milliseconds: noProgressMs, onMissed: () => child.kill() });
  let samples = 0;
  let readBytes = -1;
  let silent = true;
  try {
    deadline.start();
    for await (const message of orderly(child)) {
      signal?.throwIfAborted();
      silent = false;
      if (message.type === 'failed') throw WhosaidError.fromPlain(message.error);
      if (message.type === 'done') return { seconds: samples / SAMPLE_RATE };
      if (message.type === 'opened') open(message, options);
      if (message.type === 'progress') {
        // The same place again is no progress: a file can make a demuxer run in circles.
        if (message.readBytes <= readBytes) continue;
        readBytes = message.readBytes;
      }
      if (message.type === 'pcm') {
        samples += message.samples.length;
        if (samples > maxAudioSeconds * SAMPLE_RATE) throw tooLong(maxAudioSeconds);
        deadline.stop();
        yield message.samples;
        signal?.throwIfAborted();
      }
      deadline.start();
    }
  } finally {
    deadline.stop();
  }
  signal?.throwIfAborted();
  if (deadline.missed) throw stalled(noProgressMs);
  throw new ChildEnded(await child.exited(), silent);
}

function open(message: Extract<FromDecoder, { type: 'opened' }>, options: DecodeRunOptions): void {
  const { claimedSeconds, container, codec } = message;
  const { fileBytes, maxAudioSeconds, onOpen } = options;
  if (claimIsTooLong({ claimedSeconds, fileBytes, maxAudioSeconds })) {
    throw tooLong(maxAudioSeconds);
  }
  onOpen?.({ claimedSeconds, container, codec });
}

/** A child that was taken over by its file may say anything: what is no message counts as a crash. */
async function* orderly(child: DecoderProcess): AsyncGenerator<FromDecoder, void> {
  try {
    yield* child.messages();
  } catch (cause) {
    throw new WhosaidError('decoder_lost', { reason: 'it sent something unreadable' }, { cause });
  }
}

function tooLong(limit: number): WhosaidError {
  return new WhosaidError('audio_too_long', { limit });
}

function stalled(milliseconds: number): WhosaidError {
  const reason = `decoding it came to a standstill for ${milliseconds / 1000} seconds.`;
  return new WhosaidError('audio_corrupt', { reason });
}

import { WhosaidError } from '#utils/errors/whosaid-error.js';
import { claimIsTooLong } from './claimed-length.js';
import { tooMuchMemory } from './damage.js';
import { Deadline } from './deadline.js';
import type { DecoderProcess } from './decoder-process.js';
import type { FromDecoder } from './decoder-protocol.js';
import { ChildEnded } from './lost-decoder.js';
import { MemoryWatch } from './memory-watch.js';
import { SAMPLE_RATE } from './pcm.js';
import type { DecodeOptions, DecodeSummary } from './types.js';

export type DecodeRunOptions = DecodeOptions & {
  readonly fileBytes: number;
  readonly maxAudioSeconds: number;
  /** How long the child may make no progress while the consumer waits. */
  readonly noProgressMs: number;
  readonly maxMemoryBytes: number;
  /** What an earlier child had handed on of this recording is left out; kept up to date. */
  readonly handedOn: HandedOn;
};

export type HandedOn = { samples: number };

/** Reads one child's PCM to the end and enforces the limits. Throws ChildEnded, WhosaidError or the abort's reason. */
export async function* readChild(
  child: DecoderProcess,
  options: DecodeRunOptions,
): AsyncGenerator<Int16Array, DecodeSummary, void> {
  const { signal, maxAudioSeconds, noProgressMs, maxMemoryBytes, handedOn } = options;
  const onMissed = (): void => child.kill();
  const deadline = new Deadline({ milliseconds: noProgressMs, onMissed });
  const { pid } = child;
  const memory = new MemoryWatch({ pid, maxMemoryBytes, onExceeded: onMissed });
  let samples = 0;
  let readBytes = -1;
  try {
    deadline.start();
    for await (const message of orderly(child)) {
      signal?.throwIfAborted();
      if (message.type === 'failed') throw WhosaidError.fromPlain(message.error);
      if (message.type === 'done') return { seconds: handedOn.samples / SAMPLE_RATE };
      if (message.type === 'opened') open(message, options);
      if (message.type === 'progress') {
        // The same place again is no progress: a file can make a demuxer run in circles.
        if (message.readBytes <= readBytes) continue;
        readBytes = message.readBytes;
      }
      if (message.type === 'pcm') {
        samples += message.samples.length;
        if (samples > maxAudioSeconds * SAMPLE_RATE) throw tooLong(maxAudioSeconds);
        const fresh = samples - handedOn.samples;
        if (fresh > 0) {
          handedOn.samples = samples;
          deadline.stop();
          yield message.samples.subarray(Math.max(0, message.samples.length - fresh));
          signal?.throwIfAborted();
        }
      }
      deadline.start();
    }
  } finally {
    deadline.stop();
    memory.stop();
  }
  signal?.throwIfAborted();
  if (memory.exceeded) throw tooMuchMemory(maxMemoryBytes);
  if (deadline.missed) throw stalled(noProgressMs);
  throw new ChildEnded(await child.exited());
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

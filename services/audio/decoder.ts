import { stat } from 'node:fs/promises';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import { claimIsTooLong } from './claimed-length.js';
import { Deadline } from './deadline.js';
import { DecoderPool } from './decoder-pool.js';
import type { DecoderProcess } from './decoder-process.js';
import type { FromDecoder } from './decoder-protocol.js';
import { SAMPLE_RATE } from './pcm.js';
import type { AudioDecoder, DecodeOptions, DecodeSummary } from './types.js';

export type AudioDecoderOptions = {
  readonly logger: Logger;
  /** Longest recording in seconds; more throws `audio_too_long`. Checked against what is decoded, while it is. */
  readonly maxAudioSeconds: number;
  /** Children kept ready for the next request: 1 (default) saves its start, 0 saves about 75 MB. */
  readonly warmChildren?: 0 | 1;
  /** How long a child may neither read nor produce anything while the consumer waits. Default 30,000. */
  readonly noProgressMs?: number;
  /** Resident memory at which a child gives up. Default 1 GiB: the index of a day-long mp4 fits many times. */
  readonly maxMemoryBytes?: number;
};

const DEFAULT_NO_PROGRESS_MS = 30_000;
const DEFAULT_MAX_MEMORY_BYTES = 2 ** 30;

/** Decodes uploads in processes of their own: one for each recording, killed when it is done with. */
export function createAudioDecoder(options: AudioDecoderOptions): AudioDecoder {
  return new ForkingDecoder(options);
}

class ForkingDecoder implements AudioDecoder {
  readonly #options: Required<AudioDecoderOptions>;
  readonly #pool: DecoderPool;

  constructor(options: AudioDecoderOptions) {
    this.#options = {
      warmChildren: 1,
      noProgressMs: DEFAULT_NO_PROGRESS_MS,
      maxMemoryBytes: DEFAULT_MAX_MEMORY_BYTES,
      ...options,
    };
    this.#pool = new DecoderPool({ warm: this.#options.warmChildren > 0 });
    this.#pool.prepare();
  }

  async *decode(
    path: string,
    options: DecodeOptions = {},
  ): AsyncGenerator<Int16Array, DecodeSummary, void> {
    options.signal?.throwIfAborted();
    const fileBytes = await sizeOf(path);
    options.signal?.throwIfAborted();
    if (this.#pool.disposed) throw new WhosaidError('decoder_lost', { reason: 'it was shut down' });
    const child = this.#take();
    const abort = (): void => child.kill();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      child.start({ type: 'decode', path, maxMemoryBytes: this.#options.maxMemoryBytes });
      return yield* this.#read({ child, fileBytes, options });
    } finally {
      options.signal?.removeEventListener('abort', abort);
      this.#pool.prepare();
      await this.#pool.release(child);
    }
  }

  dispose(): Promise<void> {
    return this.#pool.dispose();
  }

  #take(): DecoderProcess {
    try {
      return this.#pool.take();
    } catch (cause) {
      throw new WhosaidError('decoder_lost', { reason: 'no process could be started' }, { cause });
    }
  }

  async *#read(run: DecodeRun): AsyncGenerator<Int16Array, DecodeSummary, void> {
    const { child, options } = run;
    const { maxAudioSeconds, noProgressMs, logger } = this.#options;
    const deadline = new Deadline({ milliseconds: noProgressMs, onMissed: () => child.kill() });
    let samples = 0;
    let readBytes = -1;
    try {
      deadline.start();
      for await (const message of orderly(child)) {
        options.signal?.throwIfAborted();
        if (message.type === 'failed') throw WhosaidError.fromPlain(message.error);
        if (message.type === 'done') return { seconds: samples / SAMPLE_RATE };
        if (message.type === 'progress' && message.readBytes <= readBytes) continue;
        if (message.type === 'progress') readBytes = message.readBytes;
        if (message.type === 'opened') this.#onOpened(message, run);
        if (message.type === 'pcm') {
          samples += message.samples.length;
          if (samples > maxAudioSeconds * SAMPLE_RATE) throw tooLong(maxAudioSeconds);
          deadline.stop();
          yield message.samples;
          options.signal?.throwIfAborted();
        }
        deadline.start();
      }
    } finally {
      deadline.stop();
    }
    options.signal?.throwIfAborted();
    if (deadline.missed) throw stalled(noProgressMs);
    const reason = this.#pool.disposed ? 'it was shut down' : await child.exited();
    logger.warn('A decoding process ended before its recording did', { reason, pid: child.pid });
    throw new WhosaidError('decoder_lost', { reason });
  }

  #onOpened(
    message: Extract<FromDecoder, { type: 'opened' }>,
    { fileBytes, options }: DecodeRun,
  ): void {
    const { claimedSeconds, container, codec } = message;
    const { maxAudioSeconds } = this.#options;
    // The next request's child starts while this one is busy, not while somebody waits for its first second.
    this.#pool.prepare();
    if (claimIsTooLong({ claimedSeconds, fileBytes, maxAudioSeconds }))
      throw tooLong(maxAudioSeconds);
    options.onOpen?.({ claimedSeconds, container, codec });
  }
}

type DecodeRun = {
  readonly child: DecoderProcess;
  readonly fileBytes: number;
  readonly options: DecodeOptions;
};

/** A child that was taken over by its file may say anything: what is no message ends it like a crash. */
async function* orderly(child: DecoderProcess): AsyncGenerator<FromDecoder, void> {
  try {
    yield* child.messages();
  } catch (cause) {
    throw new WhosaidError('decoder_lost', { reason: 'it sent something unreadable' }, { cause });
  }
}

async function sizeOf(path: string): Promise<number> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new WhosaidError('audio_not_opened', { reason: cause.code ?? cause.message }, { cause });
  });
  if (!info.isFile()) throw new WhosaidError('audio_not_opened', { reason: 'not a regular file' });
  if (info.size === 0) throw new WhosaidError('audio_empty');
  return info.size;
}

function tooLong(limit: number): WhosaidError {
  return new WhosaidError('audio_too_long', { limit });
}

function stalled(milliseconds: number): WhosaidError {
  const reason = `decoding it came to a standstill for ${milliseconds / 1000} seconds.`;
  return new WhosaidError('audio_corrupt', { reason });
}

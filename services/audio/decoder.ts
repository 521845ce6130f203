import { stat } from 'node:fs/promises';
import { WhosaidError } from '#utils/errors/whosaid-error.js';
import type { Logger } from '#utils/logging/logger.js';
import { type HandedOn, readChild } from './decode-run.js';
import { DecoderPool } from './decoder-pool.js';
import type { DecoderProcess } from './decoder-process.js';
import { ChildEnded, lostTwice, wasShutDown } from './lost-decoder.js';
import type { AudioDecoder, DecodeOptions, DecoderState, DecodeSummary } from './types.js';

export type AudioDecoderOptions = {
  readonly logger: Logger;
  /** Longest recording in seconds; more throws `audio_too_long`. Checked against what is decoded, while it is. */
  readonly maxAudioSeconds: number;
  /** Children kept ready for the next request: 1 (default) saves its start, 0 saves about 75 MB. */
  readonly warmChildren?: 0 | 1;
  /** How long a child may neither read nor produce anything while the consumer waits. Default 20,000. */
  readonly noProgressMs?: number;
  /** Resident memory at which a child gives up. Default 1 GiB: the index of a day-long mp4 fits many times. */
  readonly maxMemoryBytes?: number;
};

const DEFAULT_NO_PROGRESS_MS = 20_000;
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
    if (this.#pool.disposed) throw wasShutDown();
    const run = { path, fileBytes, options: openedOnce(options), handedOn: { samples: 0 } };
    try {
      return yield* this.#attempt(run);
    } catch (error) {
      // Whoever killed it, the recording may be innocent; what was handed on of it is left out the second time.
      if (!this.#isLost(error)) throw error;
    }
    try {
      return yield* this.#attempt(run);
    } catch (error) {
      throw this.#isLost(error) ? lostTwice(error) : error;
    }
  }

  state(): DecoderState {
    return this.#pool.state();
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

  /** Decodes with one child. Throws ChildEnded if that dies. */
  async *#attempt(run: Run): AsyncGenerator<Int16Array, DecodeSummary, void> {
    const { path, options, ...rest } = run;
    const { maxAudioSeconds, noProgressMs, maxMemoryBytes, logger } = this.#options;
    const child = this.#take();
    const abort = (): void => child.kill();
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      const { channel } = options;
      child.start({
        type: 'decode',
        path,
        maxMemoryBytes,
        maxAudioSeconds,
        ...(channel && { channel }),
      });
      const onOpen: NonNullable<DecodeOptions['onOpen']> = (info) => {
        // The next request's child starts while this one is busy, not while somebody waits for its first second.
        this.#pool.prepare();
        options.onOpen?.(info);
      };
      const limits = { maxAudioSeconds, noProgressMs, maxMemoryBytes };
      return yield* readChild(child, { ...options, ...rest, ...limits, onOpen });
    } catch (error) {
      if (this.#isLost(error)) {
        const { reason } = error;
        logger.warn('A decoding process ended before its recording did', {
          reason,
          pid: child.pid,
        });
      } else if (error instanceof ChildEnded) throw wasShutDown(error);
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
      this.#pool.prepare();
      await this.#pool.release(child);
    }
  }

  /** Whether a child died although nobody wanted it to. */
  #isLost(error: unknown): error is ChildEnded {
    return error instanceof ChildEnded && !this.#pool.disposed;
  }
}

type Run = {
  readonly path: string;
  readonly fileBytes: number;
  readonly options: DecodeOptions;
  readonly handedOn: HandedOn;
};

/** The second child opens the recording once more, which is nobody's concern. */
function openedOnce(options: DecodeOptions): DecodeOptions {
  let opened = false;
  return {
    ...options,
    onOpen: (info) => {
      if (!opened) options.onOpen?.(info);
      opened = true;
    },
  };
}

async function sizeOf(path: string): Promise<number> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new WhosaidError('audio_not_opened', { reason: cause.code ?? cause.message }, { cause });
  });
  if (!info.isFile()) throw new WhosaidError('audio_not_opened', { reason: 'not a regular file' });
  if (info.size === 0) throw new WhosaidError('audio_empty');
  return info.size;
}

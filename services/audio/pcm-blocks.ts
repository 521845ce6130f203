import { BYTES_PER_SAMPLE } from './pcm.js';

/** Gathers pieces of PCM into blocks of one fixed length, so that few large messages cross the process border. */
export class PcmBlocks {
  /** Samples added so far. */
  samples = 0;
  readonly #block: Buffer;
  #filledBytes = 0;

  constructor(samplesPerBlock: number) {
    this.#block = Buffer.alloc(samplesPerBlock * BYTES_PER_SAMPLE);
  }

  /** Yields every block that became full; its bytes are overwritten by the next one. */
  *add(piece: Buffer): Generator<Buffer> {
    this.samples += piece.length / BYTES_PER_SAMPLE;
    let offset = 0;
    while (offset < piece.length) {
      const copied = piece.copy(this.#block, this.#filledBytes, offset);
      offset += copied;
      this.#filledBytes += copied;
      if (this.#filledBytes === this.#block.length) {
        this.#filledBytes = 0;
        yield this.#block;
      }
    }
  }

  /** The last, shorter block: empty if nothing is left. */
  rest(): Buffer {
    const rest = this.#block.subarray(0, this.#filledBytes);
    this.#filledBytes = 0;
    return rest;
  }
}

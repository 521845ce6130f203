import { AVERROR_EAGAIN, AVERROR_EOF, AVERROR_INVALIDDATA } from 'node-av/constants';
import { type FormatContext, Packet } from 'node-av/lib';

/** A demuxer may ask to be called again; one that asks for ever is stuck. */
const MAXIMUM_RETRIES = 1000;

/** Reads a container packet by packet, also behind damaged places. */
export class PacketReader {
  /** The last packet read; to be unreferenced before the next. */
  readonly packet = new Packet();
  /** A place was met where the container could not be read. */
  metDamage = false;
  readonly #format: FormatContext;

  constructor(format: FormatContext) {
    this.#format = format;
    this.packet.alloc();
  }

  /** Bytes of the file read so far. */
  get readBytes(): number {
    return Number(this.#format.pbBytes);
  }

  /** Whether there was another packet. */
  read(): boolean {
    let readBytes = -1;
    for (let retries = 0; retries < MAXIMUM_RETRIES; retries += 1) {
      const result = this.#format.readFrameSync(this.packet);
      if (result >= 0) return true;
      if (result === AVERROR_EOF) return false;
      if (result === AVERROR_EAGAIN) continue;
      this.metDamage = true;
      // Some demuxers give up after 64 kB of something else, and go on when called again.
      if (result !== AVERROR_INVALIDDATA || this.readBytes <= readBytes) return false;
      readBytes = this.readBytes;
    }
    this.metDamage = true;
    return false;
  }

  dispose(): void {
    this.packet.free();
  }
}

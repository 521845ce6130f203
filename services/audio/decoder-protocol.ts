import type { PlainError } from '#utils/errors/whosaid-error.js';
import type { Channel } from './types.js';

/**
 * What the gateway and a decoding child say to each other.
 *
 * To the child: one message over the fork channel. The channel's end tells the child that the gateway is gone.
 * From the child: frames on one pipe, so that PCM and messages keep their order and a full pipe stops the decoder.
 * A frame is one byte of kind, four bytes of payload length (little-endian), the payload: PCM (signed 16-bit,
 * little-endian) or a message as JSON.
 */
export type ToDecoder = {
  readonly type: 'decode';
  readonly path: string;
  /** Resident memory at which the child gives up by itself. */
  readonly maxMemoryBytes: number;
  /** Nothing is filled up beyond this length. */
  readonly maxAudioSeconds: number;
  /** Absent: all channels, mixed. */
  readonly channel?: Channel;
};

export type FromDecoder =
  | {
      readonly type: 'opened';
      /** Left out in transit where the container claims nothing. */
      readonly claimedSeconds?: number | undefined;
      readonly container: string;
      readonly codec: string;
    }
  | { readonly type: 'pcm'; readonly samples: Int16Array }
  /** A sign of life while nothing is decoded: how far into the file reading has come. */
  | { readonly type: 'progress'; readonly readBytes: number }
  | { readonly type: 'done'; readonly seconds: number }
  | { readonly type: 'failed'; readonly error: PlainError };

export type DecoderMessage = Exclude<FromDecoder, { type: 'pcm' }>;

/** The child's end of the pipe. */
export const FRAMES_FD = 3;

const HEADER_BYTES = 5;
const KIND_PCM = 1;
const KIND_MESSAGE = 2;
/** Far above a block of PCM; a longer frame can only come from a child that lost its mind. */
const MAXIMUM_PAYLOAD_BYTES = 1_048_576;

export function pcmHeader(payloadBytes: number): Buffer {
  return header(KIND_PCM, payloadBytes);
}

export function messageFrame(message: DecoderMessage): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  return Buffer.concat([header(KIND_MESSAGE, payload.length), payload]);
}

function header(kind: number, payloadBytes: number): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32LE(payloadBytes, 1);
  return bytes;
}

/** Takes the pipe's bytes as they come and gives whole messages. Keeps at most one incomplete frame. */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);

  /** Throws Error on bytes that are no frame. */
  *read(bytes: Buffer): Generator<FromDecoder> {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    while (this.#pending.length >= HEADER_BYTES) {
      const kind = this.#pending.readUInt8(0);
      const length = this.#pending.readUInt32LE(1);
      if (length > MAXIMUM_PAYLOAD_BYTES) throw new Error('a frame of the decoder is too long');
      const end = HEADER_BYTES + length;
      if (this.#pending.length < end) return;
      const payload = this.#pending.subarray(HEADER_BYTES, end);
      this.#pending = this.#pending.subarray(end);
      yield decodePayload(kind, payload);
    }
  }
}

function decodePayload(kind: number, payload: Buffer): FromDecoder {
  if (kind === KIND_PCM) return { type: 'pcm', samples: toSamples(payload) };
  if (kind === KIND_MESSAGE) return JSON.parse(payload.toString('utf8')) as DecoderMessage;
  throw new Error('a frame of the decoder has an unknown kind');
}

/** Copies: the bytes lie at odd offsets of a shared buffer, and the consumer may keep its samples. */
function toSamples(payload: Buffer): Int16Array {
  const bytes = new Uint8Array(payload.length & ~1);
  bytes.set(payload.subarray(0, bytes.length));
  return new Int16Array(bytes.buffer);
}
